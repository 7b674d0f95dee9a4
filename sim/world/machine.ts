import type { Clock } from "@phyxius/clock";
import { backgroundCause } from "../kernel/cause.ts";
import { site, type Site } from "../kernel/choices.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { type HookBoard, type MachineHooks, MachineStopped } from "./hooks.ts";
import { createHardwareClock, type HardwareClock } from "./hardware-clock.ts";
import type { DiskHost, DiskPort, SimulatedDisk } from "./disk.ts";
import { type ClockOwner, createMachineClock } from "./machine-clock.ts";
import type { Endpoint, Network } from "./network.ts";
import { Processor } from "./processor.ts";

/** The network as one machine sees it: datagrams of bytes, and the reset of a connection to a dead peer. */
export interface NetworkPort {
  readonly self: string;
  readonly peers: readonly string[];
  send(to: string, frame: Uint8Array): void;
  onFrame(receive: (from: string, frame: Uint8Array) => void): void;
  onReset(told: (peer: string) => void): void;
}

/** A check of a peer's health, and what a machine makes of it. */
export interface CheckedPeer {
  readonly peer: string;
  /** How long its answer took, in milliseconds; null when it gave none. */
  readonly latencyMs: number | null;
  /** What it counts as from then on. */
  readonly status: string | null;
  /** Its mean latency from then on, in milliseconds; null until it was measured once. */
  readonly meanMs: number | null;
}

/** An entry that a machine wrote in its own journal. */
export interface JournalNote {
  readonly type: string;
  /** The operation it belongs to, as the system numbers its own; null for background work. */
  readonly operation: string | null;
  readonly edge: "start" | "end" | null;
  /** Of how many things it tells; 1 by default. */
  readonly amount?: number | undefined;
  /** Further fields, for the trace only. */
  readonly data: unknown;
  /** For an entry that tells of a round of health checks: what the machine made of them. */
  readonly checked?: readonly CheckedPeer[] | undefined;
  /** For an entry that tells of a new state of something: what `of` it is, under which `aspect`, and its state. */
  readonly becomes?: StateChange | undefined;
}

/** Such as the leadership (`aspect`) of the key k1 (`of`), and who has it (`state`). */
export interface StateChange {
  readonly aspect: string;
  readonly of: string;
  /** One of few words. */
  readonly state: string;
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
  readonly hooks: MachineHooks;
  /** Tells the harness that the machine wrote an entry in its own journal. */
  journal(entry: JournalNote): void;
}

/** What the machines tell the run. */
export interface MachineObserver {
  /** Starts the system in a new life. */
  boot(env: MachineEnv): void;
  crashed(machine: string, incarnation: number): void;
  /** The background processes that the system runs on a machine. */
  processes(machine: string): readonly string[];
  /** Lets one of them fail. */
  kill(machine: string, process: string): void;
  journal(machine: string, incarnation: number, note: JournalNote): void;
  error(machine: string, error: unknown): void;
}

export interface Machine extends Endpoint {
  readonly incarnation: number;
  readonly bootedAtUs: number;
  /** What lives that were over still tried to do. Dropped, never delivered. */
  readonly ghostCount: number;
  readonly processor: Processor;
  readonly hardware: HardwareClock;
  readonly disk: SimulatedDisk;
  start(): void;
  /** Memory is lost in any case. */
  crash(keepsDisk: boolean): void;
  /**
   * Lets one of the system's background processes fail, as soon as the machine is free.
   * @param process null for any of them; nothing happens when there are none
   * @throws RangeError when there are others, but none of that name
   */
  killProcess(process: string | null): void;
  /** Runs a piece of work, which came from outside, as soon as the machine is free. */
  enter(work: () => void): void;
  /**
   * How much of a stretch of time the machine had for itself, in microseconds of its own monotonic track: the time
   * in which it was busy does not count.
   */
  ownTimeUs(fromUs: number, untilUs: number): number;
}

interface Life extends ClockOwner {
  readonly id: string;
  isAlive: boolean;
  receive: ((from: string, frame: Uint8Array) => void) | null;
  reset: ((peer: string) => void) | null;
  crash(keepsDisk: boolean): void;
}

/**
 * @param lane the machine's own lane of the kernel, from 1
 * @param network asked for late, since the network is made of machines
 * @param uptimeUs what the monotonic clock of its first life shows at the start of the run, if that of each later one
 *   begins at 0; with null there is one for all lives
 */
export function createMachine(
  kernel: Kernel,
  id: string,
  lane: number,
  peers: readonly string[],
  network: () => Network,
  hooks: HookBoard,
  observer: MachineObserver,
  createDisk: (host: DiskHost) => SimulatedDisk,
  uptimeUs: number | null,
): Machine {
  return new SimulatedMachine(kernel, id, lane, peers, network, hooks, observer, createDisk, uptimeUs);
}

/** A class for the reason given at the kernel's: all machines of all runs have one shape. */
class SimulatedMachine implements Machine {
  readonly id: string;
  readonly lane: number;
  isUp = false;
  incarnation = 0;
  bootedAtUs = 0;
  ghostCount = 0;
  readonly processor: Processor;
  readonly hardware: HardwareClock;
  /** Whether each life but the first one has a monotonic clock that begins at 0. */
  private readonly countsAnew: boolean;
  private readonly kernel: Kernel;
  private readonly peers: readonly string[];
  private readonly network: () => Network;
  private readonly hooks: HookBoard;
  private readonly observer: MachineObserver;
  private readonly randomSite: Site;
  private readonly killSite: Site;
  private readonly createDisk: (host: DiskHost) => SimulatedDisk;
  private ownDisk: SimulatedDisk | null = null;
  private life: Life | null = null;

  constructor(
    kernel: Kernel,
    id: string,
    lane: number,
    peers: readonly string[],
    network: () => Network,
    hooks: HookBoard,
    observer: MachineObserver,
    createDisk: (host: DiskHost) => SimulatedDisk,
    uptimeUs: number | null,
  ) {
    this.kernel = kernel;
    this.id = id;
    this.lane = lane;
    this.peers = peers;
    this.network = network;
    this.hooks = hooks;
    this.observer = observer;
    this.createDisk = createDisk;
    this.randomSite = site(`random/${id}`);
    this.killSite = site(`kill/${id}`);
    this.processor = new Processor(kernel, id, lane);
    this.hardware = createHardwareClock(kernel, uptimeUs ?? 0);
    this.countsAnew = uptimeUs !== null;
  }

  /** Most systems use none. */
  get disk(): SimulatedDisk {
    this.ownDisk ??= this.createDisk(this);
    return this.ownDisk;
  }

  receive(from: string, frame: Uint8Array): void {
    if (this.processor.isFree) this.handleFrame(from, frame);
    else this.processor.enter(() => this.handleFrame(from, frame));
  }

  reset(peer: string): void {
    if (this.processor.isFree) this.handleReset(peer);
    else this.processor.enter(() => this.handleReset(peer));
  }

  start(): void {
    if (this.life !== null) return;
    const { kernel, id, lane, observer } = this;
    this.isUp = true;
    this.incarnation++;
    const life: Life = {
      id,
      lane,
      isAlive: true,
      hardware: this.hardware,
      monoStartUs: this.countsAnew && this.incarnation > 1 ? this.hardware.monoUsAt(kernel.nowUs) : 0,
      processor: this.processor,
      receive: null,
      reset: null,
      reportError: (error) => this.reportError(error),
      crash: (keepsDisk) => this.crash(keepsDisk),
      countGhost: () => {
        this.ghostCount++;
      },
    };
    this.life = life;
    const env = this.environment(life, this.incarnation);
    const cause = backgroundCause(`${id}@${env.incarnation}/boot`);
    const boot = () => {
      this.bootedAtUs = kernel.nowUs;
      kernel.trace("machine.boot", id, { incarnation: env.incarnation });
      try {
        observer.boot(env);
      } catch (error) {
        this.reportError(error);
      }
    };
    kernel.schedule(kernel.nowUs, 0, lane, cause, () => {
      if (this.processor.isFree) boot();
      else this.processor.enter(boot);
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
    this.processor.clear();
    this.ownDisk?.crash(keepsDisk);
    this.network().announceCrash(this);
    this.observer.crashed(id, incarnation);
  }

  killProcess(process: string | null): void {
    if (this.life === null) return;
    this.enter(() => {
      const { kernel, id, observer } = this;
      const names = observer.processes(id);
      if (names.length === 0) return;
      const chosen = Math.floor(kernel.chooser.quantile(this.killSite, kernel.cause, 0) * names.length);
      const name = process ?? (names[chosen] as string);
      if (!names.includes(name)) {
        throw new RangeError(`${id} runs no process "${name}" that could fail; it runs ${names.join(", ")}`);
      }
      kernel.trace("process.kill", id, { process: name });
      observer.kill(id, name);
    });
  }

  enter(work: () => void): void {
    if (this.processor.isFree) {
      this.kernel.enterLane(this.lane);
      work();
    } else this.processor.enter(work);
  }

  ownTimeUs(fromUs: number, untilUs: number): number {
    const { hardware } = this;
    let ownUs = hardware.monoUsAt(untilUs) - hardware.monoUsAt(fromUs);
    for (const busy of this.processor.busy) {
      if (busy.untilUs <= fromUs || busy.fromUs >= untilUs) continue;
      ownUs -=
        hardware.monoUsAt(Math.min(busy.untilUs, untilUs)) - hardware.monoUsAt(Math.max(busy.fromUs, fromUs));
    }
    return ownUs;
  }

  private handleFrame(from: string, frame: Uint8Array): void {
    try {
      this.life?.receive?.(from, frame);
    } catch (error) {
      this.reportError(error);
    }
  }

  private handleReset(peer: string): void {
    try {
      this.life?.reset?.(peer);
    } catch (error) {
      this.reportError(error);
    }
  }

  /** A callback that throws would end an event handler of a real process, not the simulation. */
  private reportError(error: unknown): void {
    if (error instanceof MachineStopped) return;
    this.observer.error(this.id, error);
  }

  private environment(life: Life, incarnation: number): MachineEnv {
    const { kernel, id, lane, peers, network, observer, randomSite } = this;
    const diskPort = (): DiskPort => this.disk.port(life);
    return {
      id,
      incarnation,
      hooks: this.hooks.hooksOf(life),
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
