import type { Clock } from "@phyxius/clock";

/** The network as one machine sees it: datagrams of bytes, and the reset of a connection to a dead peer. */
export interface NetworkPort {
  readonly self: string;
  readonly peers: readonly string[];
  send(to: string, frame: Uint8Array): void;
  onFrame(receive: (from: string, frame: Uint8Array) => void): void;
  onReset(told: (peer: string) => void): void;
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

export interface JournalNote {
  readonly type: string;
  readonly operation: string | null;
  readonly edge: "start" | "end" | null;
  /** Further fields, for the trace only. */
  readonly data: unknown;
}
