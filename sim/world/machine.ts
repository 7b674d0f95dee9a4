import type { Clock } from "@phyxius/clock";
import { backgroundCause } from "../kernel/cause.ts";
import { site } from "../kernel/choices.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { type ClockOwner, createMachineClock } from "./machine-clock.ts";
import type { Endpoint, Network } from "./network.ts";

/** The network as one machine sees it: datagrams of bytes, and the reset of a connection to a dead peer. */
export interface NetworkPort {
  readonly self: string;
  readonly peers: readonly string[];
  send(to: string, frame: Uint8Array): void;
  onFrame(receive: (from: string, frame: Uint8Array) => void): void;
  onReset(told: (peer: string) => void): void;
}

/** An entry that a machine wrote in its own journal. */
export interface JournalNote {
  readonly type: string;
  /** The operation it belongs to, as the system numbers its own; null for background work. */
  readonly operation: string | null;
  readonly edge: "start" | "end" | null;
  /** Further fields, for the trace only. */
  readonly data: unknown;
}

/** Everything that one life of a machine may use. All of it dies with that life. */
export interface MachineEnv {
  readonly id: string;
  /** 1 for the first life, one more after each restart. */
  readonly incarnation: number;
  readonly clock: Clock;
  readonly network: NetworkPort;
  /** Uniform in [0, 1), from the plan's seed. */
  random(): number;
  /** Tells the harness that the machine wrote an entry in its own journal. */
  journal(entry: JournalNote): void;
}

/** What the machines tell the run. */
export interface MachineObserver {
  /** Starts the system in a new life. */
  boot(env: MachineEnv): void;
  crashed(machine: string, incarnation: number): void;
  journal(machine: string, incarnation: number, note: JournalNote): void;
  error(machine: string, error: unknown): void;
}

export interface Machine extends Endpoint {
  readonly incarnation: number;
  readonly bootedAtUs: number;
  /** What lives that were over still tried to do. Dropped, never delivered. */
  readonly ghostCount: number;
  start(): void;
  crash(): void;
}

interface Life extends ClockOwner {
  isAlive: boolean;
  receive: ((from: string, frame: Uint8Array) => void) | null;
  reset: ((peer: string) => void) | null;
}

/**
 * @param lane the machine's own lane of the kernel, from 1
 * @param network asked for late, since the network is made of machines
 */
export function createMachine(
  kernel: Kernel,
  id: string,
  lane: number,
  peers: readonly string[],
  network: () => Network,
  observer: MachineObserver,
): Machine {
  const randomSite = site(`random/${id}`);
  let incarnation = 0;
  let bootedAtUs = 0;
  let ghostCount = 0;
  let life: Life | null = null;

  /** A callback that throws would end a real process's event handler, not the simulation. */
  function guarded(run: () => void): void {
    try {
      run();
    } catch (error) {
      observer.error(id, error);
    }
  }

  function environment(own: Life, ownIncarnation: number): MachineEnv {
    return {
      id,
      incarnation: ownIncarnation,
      clock: createMachineClock(kernel, own),
      network: {
        self: id,
        peers,
        send(to, frame) {
          if (own.isAlive) network().send(machine, to, frame);
          else ghostCount++;
        },
        onFrame(receive) {
          own.receive = receive;
        },
        onReset(told) {
          own.reset = told;
        },
      },
      random() {
        const { cause } = kernel;
        return kernel.chooser.quantile(randomSite, cause, cause.nextOrdinal(RANDOM_PLACES + lane));
      },
      journal(note) {
        if (own.isAlive) observer.journal(id, ownIncarnation, note);
        else ghostCount++;
      },
    };
  }

  const machine: Machine = {
    id,
    lane,
    get isUp() {
      return life !== null;
    },
    get incarnation() {
      return incarnation;
    },
    get bootedAtUs() {
      return bootedAtUs;
    },
    get ghostCount() {
      return ghostCount;
    },
    receive(from, frame) {
      const receive = life?.receive;
      if (receive) guarded(() => receive(from, frame));
    },
    reset(peer) {
      const reset = life?.reset;
      if (reset) guarded(() => reset(peer));
    },
    start() {
      if (life !== null) return;
      incarnation++;
      const own: Life = {
        lane,
        isAlive: true,
        receive: null,
        reset: null,
        reportError: (error) => observer.error(id, error),
        countGhost() {
          ghostCount++;
        },
      };
      life = own;
      const env = environment(own, incarnation);
      const cause = backgroundCause(`${id}@${incarnation}/boot`);
      kernel.schedule(kernel.nowUs, 0, lane, cause, () => {
        bootedAtUs = kernel.nowUs;
        kernel.trace("machine.boot", id, { incarnation: env.incarnation });
        guarded(() => observer.boot(env));
      });
    },
    crash() {
      if (life === null) return;
      life.isAlive = false;
      life = null;
      kernel.trace("machine.crash", id, { incarnation });
      kernel.cancelLane(lane);
      network().announceCrash(machine);
      observer.crashed(id, incarnation);
    },
  };
  return machine;
}

/** Places of a machine's random numbers among a cause's ordinals, apart from those of links. */
const RANDOM_PLACES = 0x10000000;
