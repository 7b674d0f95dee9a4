import type { Invariant } from "../run/invariant.ts";
import { acknowledgedWritesSurvive } from "./invariants/acknowledged-writes-survive.ts";
import { auditComplete } from "./invariants/audit-complete.ts";
import { bounds } from "./invariants/bounds.ts";
import { healthFollowsHistory } from "./invariants/health-follows-history.ts";
import { linearizable } from "./invariants/linearizable.ts";
import { noExpiredHit } from "./invariants/no-expired-hit.ts";
import { monotonicReads } from "./sessions/monotonic-reads.ts";
import { monotonicWrites } from "./sessions/monotonic-writes.ts";
import { noResurrection } from "./invariants/no-resurrection.ts";
import { noThinAir } from "./invariants/no-thin-air.ts";
import { noUnhandledRejection } from "./invariants/no-unhandled-rejection.ts";
import { operationsEnd } from "./invariants/operations-end.ts";
import { readYourWrites } from "./sessions/read-your-writes.ts";
import { regular } from "./invariants/regular.ts";
import { replicasConverge } from "./invariants/replicas-converge.ts";
import { singleFlight } from "./invariants/single-flight.ts";
import { replicationFactor } from "./invariants/replication-factor.ts";
import { statisticsAddUp } from "./invariants/statistics-add-up.ts";
import { writesFollowReads } from "./sessions/writes-follow-reads.ts";

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
  singleFlight,
  operationsEnd,
  auditComplete,
  healthFollowsHistory,
  statisticsAddUp,
  bounds,
  noUnhandledRejection,
];

export function invariantByName(name: string): Invariant | undefined {
  return invariants.find((invariant) => invariant.name === name);
}
