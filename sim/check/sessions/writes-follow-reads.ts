import type { Invariant } from "../../run/invariant.ts";
import { isHit } from "./session-reads.ts";
import { named, placed, quoted, time } from "../wording.ts";
import { findReversedWrites } from "./write-order.ts";

/**
 * A client's write comes after whatever the client had found: once the system has settled, no get finds a value that
 * some client had found before its own set or delete of the key was called, if that was acknowledged.
 */
export const writesFollowReads: Invariant = {
  name: "writes-follow-reads",
  summary: "Once the system has settled, no value is there that a client found and replaced since.",
  // What replaced it is forgotten when its grace is over, by the clock of whoever holds it.
  dependsOnClocks: true,
  check: (run) =>
    findReversedWrites(run, isHit, (earlier, later, read) => ({
      invariant: "writes-follow-reads",
      summary:
        `${placed(read)} found ${quoted(read.value ?? "")}, although ${earlier.client}, which had found it by ` +
        `${named(earlier)}, replaced it by ${named(later)}, acknowledged at ${time(later.returnUs)}`,
      notes: [],
    })),
};
