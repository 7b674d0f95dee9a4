import type { Clock } from "@phyxius/clock";
import { backgroundCause } from "../kernel/cause.ts";
import { site, type Site } from "../kernel/choices.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { DiskPort, SimulatedDisk } from "./disk.ts";
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
  /** What is on it outlives this life, unless a fault takes it. Made when it is asked for. */
  readonly disk: DiskPort;
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
  readonly disk: SimulatedDisk;
  start(): void;
  /** Memory is lost in any case. */
  crash(keepsDisk: boolean): void;
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
  createDisk: (machine: string, lane: number) => SimulatedDisk,
): Machine {
  return new SimulatedMachine(kernel, id, lane, peers, network, observer, createDisk);
}

/** A class for the reason given at the kernel's: all machines of all runs have one shape. */
class SimulatedMachine implements Machine {
  readonly id: string;
  readonly lane: number;
  isUp = false;
  incarnation = 0;
  bootedAtUs = 0;
  ghostCount = 0;

  private readonly kernel: Kernel;
  private readonly peers: readonly string[];
  private readonly network: () => Network;
  private readonly observer: MachineObserver;
  private readonly randomSite: Site;
  private readonly createDisk: (machine: string, lane: number) => SimulatedDisk;
  private ownDisk: SimulatedDisk | null = null;
  private life: Life | null = null;

  constructor(
    kernel: Kernel,
    id: string,
    lane: number,
    peers: readonly string[],
    network: () => Network,
    observer: MachineObserver,
    createDisk: (machine: string, lane: number) => SimulatedDisk,
  ) {
    this.kernel = kernel;
    this.id = id;
    this.lane = lane;
    this.peers = peers;
    this.network = network;
    this.observer = observer;
    this.createDisk = createDisk;
    this.randomSite = site(`random/${id}`);
  }

  /** Most systems use none. */
  get disk(): SimulatedDisk {
    this.ownDisk ??= this.createDisk(this.id, this.lane);
    return this.ownDisk;
  }

  receive(from: string, frame: Uint8Array): void {
    try {
      this.life?.receive?.(from, frame);
    } catch (error) {
      this.reportError(error);
    }
  }

  reset(peer: string): void {
    try {
      this.life?.reset?.(peer);
    } catch (error) {
      this.reportError(error);
    }
  }

  start(): void {
    if (this.life !== null) return;
    const { kernel, id, lane, observer } = this;
    this.isUp = true;
    this.incarnation++;
    const life: Life = {
      lane,
      isAlive: true,
      receive: null,
      reset: null,
      reportError: (error) => this.reportError(error),
      countGhost: () => {
        this.ghostCount++;
      },
    };
    this.life = life;
    const env = this.environment(life, this.incarnation);
    const cause = backgroundCause(`${id}@${env.incarnation}/boot`);
    kernel.schedule(kernel.nowUs, 0, lane, cause, () => {
      this.bootedAtUs = kernel.nowUs;
      kernel.trace("machine.boot", id, { incarnation: env.incarnation });
      try {
        observer.boot(env);
      } catch (error) {
        this.reportError(error);
      }
    });
  }

  crash(keepsDisk: boolean): void {
    if (this.life === null) return;
    const { kernel, id, lane, incarnation } = this;
    this.life.isAlive = false;
    this.life = null;
    this.isUp = false;
    kernel.trace("machine.crash", id, { incarnation });
    kernel.cancelLane(lane);
    this.ownDisk?.crash(keepsDisk);
    this.network().announceCrash(this);
    this.observer.crashed(id, incarnation);
  }

  /** A callback that throws would end an event handler of a real process, not the simulation. */
  private reportError(error: unknown): void {
    this.observer.error(this.id, error);
  }

  private environment(life: Life, incarnation: number): MachineEnv {
    const { kernel, id, lane, peers, network, observer, randomSite } = this;
    const diskPort = (): DiskPort => this.disk.port(life);
    return {
      id,
      incarnation,
      clock: createMachineClock(kernel, life),
      network: {
        self: id,
        peers,
        send: (to, frame) => {
          if (life.isAlive) network().send(this, to, frame);
          else this.ghostCount++;
        },
        onFrame(receive) {
          life.receive = receive;
        },
        onReset(told) {
          life.reset = told;
        },
      },
      get disk() {
        return diskPort();
      },
      random() {
        const { cause } = kernel;
        return kernel.chooser.quantile(randomSite, cause, cause.nextOrdinal(RANDOM_PLACES + lane));
      },
      journal: (note) => {
        if (life.isAlive) observer.journal(id, incarnation, note);
        else this.ghostCount++;
      },
    };
  }
}

/** Places of a machine's random numbers among a cause's ordinals, apart from those of links. */
const RANDOM_PLACES = 0x10000000;
