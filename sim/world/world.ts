import type { Network } from "./network.ts";

/** What a fault may do to the world. */
export interface World {
  readonly machines: readonly string[];
  readonly network: Network;
  /** Ends the machine's current life; nothing when it is down already. */
  crash(machine: string): void;
  /** Starts the next life; nothing when it is up already. */
  restart(machine: string): void;
}
