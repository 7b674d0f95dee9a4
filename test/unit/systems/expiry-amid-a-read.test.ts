import { expect, test } from "vitest";
import { cachePlan, endings, replayCache } from "../../support/cache-plan.ts";

/**
 * n2 reads "a", which lives until 200 ms, and stands still before the answers reach it; "b" replaces "a" meanwhile.
 * When n2 goes on, "a" has expired, but at no moment was there nothing: the read must find "b".
 */
test("a value that expires while it is read, and was replaced before, is no miss", async () => {
  const { outcome } = await replayCache(
    cachePlan({
      operations: [
        { id: "c1#1", client: "c1", atMs: 0, kind: "set", key: "k", value: "a", ttlMs: 200 },
        { id: "c2#1", client: "c2", atMs: 100, kind: "get", key: "k" },
        { id: "c3#1", client: "c3", atMs: 120, kind: "set", key: "k", value: "b" },
      ],
      faults: [{ kind: "pause", startMs: 105, endMs: 400, machine: "n2" }],
    }),
  );
  expect(endings(outcome)).toEqual({ "c1#1": "ok", "c2#1": "b", "c3#1": "ok" });
  expect(outcome.violations).toEqual([]);
});

test("a value that expires while it is read, and was not replaced, is a miss", async () => {
  const { outcome } = await replayCache(
    cachePlan({
      operations: [
        { id: "c1#1", client: "c1", atMs: 0, kind: "set", key: "k", value: "a", ttlMs: 200 },
        { id: "c2#1", client: "c2", atMs: 100, kind: "get", key: "k" },
      ],
      faults: [{ kind: "pause", startMs: 105, endMs: 400, machine: "n2" }],
    }),
  );
  expect(endings(outcome)).toEqual({ "c1#1": "ok", "c2#1": "miss" });
  expect(outcome.violations).toEqual([]);
});
