import type { Invariant } from "../../run/invariant.ts";
import type { System } from "../../run/system.ts";

/** A defect that the harness must find, planted in a system that is sound without it. */
export interface Bug {
  readonly id: number;
  /** In kebab case. */
  readonly name: string;
  /** One sentence: what is wrong. */
  readonly defect: string;
  /** What has to happen for anybody to notice. */
  readonly schedule: string;
  /** The policy that has the defect, and without it keeps what it promises. */
  readonly base: string;
  /** The scenario that exposes it: a file below `scenarios/`, without `.yaml`. */
  readonly scenario: string;
  /** The invariants that may be the first to be broken. */
  readonly expected: readonly string[];
  readonly planted: System;
  /** The same without the defect. */
  readonly sound: System;
}

/** What a module with a bug bank exports. */
export interface BugBank {
  readonly bugs: readonly Bug[];
  /** Those that come with the harness, and what a defect needs besides. */
  readonly invariants: readonly Invariant[];
}

/** What is found in a run that touches the real world: no invariant, but the end of the run. */
export const DETERMINISM = "determinism";
