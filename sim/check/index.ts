import type { Invariant } from "../run/invariant.ts";
import { acknowledgedWritesSurvive } from "./acknowledged-writes-survive.ts";
import { auditComplete } from "./audit-complete.ts";
import { linearizable } from "./linearizable.ts";
import { noExpiredHit } from "./no-expired-hit.ts";
import { monotonicReads } from "./monotonic-reads.ts";
import { monotonicWrites } from "./monotonic-writes.ts";
import { noResurrection } from "./no-resurrection.ts";
import { noThinAir } from "./no-thin-air.ts";
import { noUnhandledRejection } from "./no-unhandled-rejection.ts";
import { operationsEnd } from "./operations-end.ts";
import { readYourWrites } from "./read-your-writes.ts";
import { regular } from "./regular.ts";
import { replicasConverge } from "./replicas-converge.ts";
import { replicationFactor } from "./replication-factor.ts";
import { writesFollowReads } from "./writes-follow-reads.ts";

/** Every invariant that a plan can name. Adding one means writing its file and naming it here. */
export const invariants: readonly Invariant[] = [
  linearizable,
  regular,
  readYourWrites,
  monotonicReads,
  monotonicWrites,
  writesFollowReads,
  noThinAir,
  noResurrection,
  noExpiredHit,
  acknowledgedWritesSurvive,
  replicasConverge,
  replicationFactor,
  operationsEnd,
  auditComplete,
  noUnhandledRejection,
];

export function invariantByName(name: string): Invariant | undefined {
  return invariants.find((invariant) => invariant.name === name);
}
