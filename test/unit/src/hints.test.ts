import { describe, expect, test } from "vitest";
import { createHints } from "../../../src/replication/hints.ts";
import type { CacheRecord } from "../../../src/local/record.ts";

const record = (key: string, counter: number): CacheRecord => ({
  key,
  version: { counter, node: "n1", incarnation: 1 },
  value: `"${counter}"`,
  expireAtMs: 1000,
  operation: counter,
});

describe("hints", () => {
  test("keep the newest record of a key for each owner", () => {
    const hints = createHints(10);
    hints.add("n2", record("a", 2), 0);
    hints.add("n2", record("a", 3), 0);
    hints.add("n2", record("a", 1), 0);
    hints.add("n3", record("a", 1), 0);
    expect(hints.size).toBe(2);
    expect(hints.for("n2", 9)).toEqual([record("a", 3)]);
    expect(hints.owners()).toEqual(["n2", "n3"]);
  });

  test("are bounded: what is there may be replaced, nothing is added", () => {
    const hints = createHints(2);
    expect([hints.add("n2", record("a", 1), 0), hints.add("n3", record("b", 1), 0)]).toEqual([true, true]);
    expect(hints.add("n2", record("c", 1), 0)).toBe(false);
    expect(hints.add("n2", record("a", 2), 0)).toBe(true);
    expect(hints.size).toBe(2);
  });

  test("go when the owner has the record or a newer one, not when it has an older one", () => {
    const hints = createHints(10);
    hints.add("n2", record("a", 2), 0);
    hints.settle("n2", record("a", 1));
    hints.settle("n3", record("a", 2));
    expect(hints.size).toBe(1);
    hints.settle("n2", record("a", 2));
    expect([hints.size, hints.owners()]).toEqual([0, []]);
  });

  test("are given out the oldest first, as many as asked for", () => {
    const hints = createHints(10);
    for (const key of ["a", "b", "c"]) hints.add("n2", record(key, 1), 0);
    expect(hints.for("n2", 2).map(({ key }) => key)).toEqual(["a", "b"]);
    expect(hints.for("n9", 2)).toEqual([]);
  });

  test("are given up when they are old, each by its own age", () => {
    const hints = createHints(10);
    hints.add("n2", record("a", 1), 100);
    hints.add("n2", record("b", 1), 200);
    hints.add("n3", record("a", 1), 100);
    hints.add("n3", record("a", 2), 300);
    hints.dropOlder(200);
    expect(hints.for("n2", 9)).toEqual([record("b", 1)]);
    expect(hints.for("n3", 9)).toEqual([record("a", 2)]);
    expect(hints.size).toBe(2);
  });
});
