import type { Invariant } from "../../run/invariant.ts";
import { named, placed, quoted, time } from "../wording.ts";
import { findReversedWrites } from "./write-order.ts";

/**
 * A client's writes take effect in its own order: once the system has settled, no get finds the value of an
 * acknowledged set that the same client replaced, by a set or a delete that was acknowledged as well.
 */
export const monotonicWrites: Invariant = {
  name: "monotonic-writes",
  summary: "Once the system has settled, no value is there that its own writer has replaced since.",
  // What replaced it is forgotten when its grace is over, by the clock of whoever holds it.
  dependsOnClocks: true,
  check: (run) =>
    findReversedWrites(
      run,
      ({ kind, result }) => kind === "set" && result === "ok",
      (earlier, later, read) => ({
        invariant: "monotonic-writes",
        summary:
          `${placed(read)} found ${quoted(read.value ?? "")}, which ${named(earlier)} wrote, although its own ` +
          `client ${earlier.client} replaced it by ${named(later)}, acknowledged at ${time(later.returnUs)}`,
        notes: [],
      }),
    ),
};
