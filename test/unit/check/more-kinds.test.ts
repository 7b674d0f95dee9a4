import { describe, expect, test } from "vitest";
import { acknowledgedWritesSurvive } from "../../../sim/check/invariants/acknowledged-writes-survive.ts";
import { linearizable } from "../../../sim/check/invariants/linearizable.ts";
import { noExpiredHit } from "../../../sim/check/invariants/no-expired-hit.ts";
import { noResurrection } from "../../../sim/check/invariants/no-resurrection.ts";
import { operationsEnd } from "../../../sim/check/invariants/operations-end.ts";
import { regular } from "../../../sim/check/invariants/regular.ts";
import { monotonicReads } from "../../../sim/check/sessions/monotonic-reads.ts";
import { recordedRun } from "../../../sim/check/formats/recorded-run.ts";
import { asRecorded } from "../../../sim/run/as-recorded.ts";
import { certificateOf, history, record, violationsOf } from "./history-builder.ts";

const summaryOf = (...lines: string[]) => violationsOf(linearizable, ...lines).map(({ summary }) => summary);

describe("compareAndSet", () => {
  test("that is right is right", () => {
    expect(
      summaryOf(
        "c1 set a 0..1",
        "c1 compareAndSet b 2..5 expects=a",
        "c2 compareAndSet c 2..6 found=b",
        "c2 compareAndSet d 7..8 expects=b",
        "c3 get d 9..10",
      ),
    ).toEqual([]);
  });

  test("two that replace one value", () => {
    const [violation] = violationsOf(
      linearizable,
      "c1 set a 0..1",
      "c1 compareAndSet b 2..5 expects=a",
      "c2 compareAndSet c 3..6 expects=a",
    );
    expect(violation?.summary).toBe(
      'compareAndSet c1#2 on n1 (2 ms to 5 ms) and compareAndSet c2#1 on n1 (3 ms to 6 ms) of "k" both replaced the ' +
        "same value, which only one can have found",
    );
    expect(violation?.notes).toContain('compareAndSet c2#1 replaced "a" by "c".');
  });

  test("one that overlooks what was set in between", () => {
    const lines = ["c1 set a 0..1", "c2 set x 2..3", "c1 compareAndSet b 4..5 expects=a"];
    expect(violationsOf(linearizable, ...lines)).toHaveLength(1);
    expect(violationsOf(regular, ...lines)).toHaveLength(1);
  });

  test("one that replaces a value that was deleted, that nobody wrote, or whose time was over", () => {
    const replacing = "c1 compareAndSet b 40..50 expects=a";
    expect(violationsOf(linearizable, "c1 set a 0..1", "c2 delete 2..3", replacing)).toHaveLength(1);
    expect(violationsOf(noResurrection, "c1 set a 0..1", "c2 delete 2..3", replacing)).toHaveLength(1);
    expect(summaryOf(replacing)).toEqual([expect.stringContaining("which nobody wrote")]);
    expect(violationsOf(noExpiredHit, "c1 set a 0..1 ttl=10", replacing)).toHaveLength(1);
  });

  test("whose value was not seen may have happened or not", () => {
    const open = ["c1 set a 0..1", "c1 compareAndSet b 2..5? expects=a"];
    expect(summaryOf(...open, "c2 get a 8..9")).toEqual([]);
    expect(summaryOf(...open, "c2 get b 8..9")).toEqual([]);
    expect(summaryOf(...open, "c2 compareAndSet c 8..9 expects=a")).toEqual([]);
    expect(summaryOf(...open, "c2 compareAndSet c 8..9 expects=a", "c3 get b 8..9")).toHaveLength(1);
    // It has happened, though only the next one, of which nobody heard either, says so.
    const two = [...open, "c2 compareAndSet c 6..7? expects=b"];
    expect(summaryOf(...two, "c3 get c 8..9")).toEqual([]);
    expect(summaryOf(...two, "c3 get c 8..9", "c3 get a 10..11")).toHaveLength(1);
  });

  test("that found another value is a read of it", () => {
    expect(violationsOf(monotonicReads, "c1 set a 0..1", "c1 set b 2..3", "c2 get b 4..5")).toEqual([]);
    const old = ["c1 set a 0..1", "c1 set b 2..3", "c2 get b 4..5", "c2 compareAndSet c 6..7 found=a"];
    expect(violationsOf(monotonicReads, ...old)).toHaveLength(1);
    expect(violationsOf(linearizable, ...old)).toHaveLength(1);
    expect(summaryOf("c1 set a 0..1", "c2 compareAndSet c 6..7 found=-")).toHaveLength(1);
  });

  test("that replaced a value for good ends the time to live of that value, and begins its own", () => {
    const chain = (first: string, then: string) => [
      `c1 set a 0..1${first}`,
      `c1 compareAndSet b 2..3 expects=a${then}`,
      "c2 get - 50..51",
    ];
    expect(summaryOf(...chain(" ttl=10", " ttl=10"))).toEqual([]);
    expect(summaryOf(...chain("", " ttl=10"))).toEqual([]);
    expect(summaryOf(...chain(" ttl=10", ""))).toHaveLength(1);
  });

  test("that the policy refuses has not happened, which nobody is blamed for", () => {
    const refused = ["c1 set a 0..1", "c1 compareAndSet b 2..3! expects=a error=not-supported"];
    expect(operationsEnd.check(record(history(...refused), { settleMs: 0 }))).toEqual([]);
    const get = ["c1 get - 2..3! error=not-supported"];
    expect(operationsEnd.check(record(history(...get), { settleMs: 0 }))).toHaveLength(1);
    expect(summaryOf(...refused, "c2 get b 5..6")).toEqual([
      'get c2#1 on n1 (5 ms to 6 ms) found "b" in "k", though compareAndSet c1#2 on n1 (2 ms to 3 ms) failed to write it',
    ]);
  });
});

describe("touch", () => {
  const kept = ["c1 set a 0..1 ttl=10", "c2 touch 4..5 ttl=30"];

  test("lets a value live longer, and no longer than that", () => {
    expect(violationsOf(noExpiredHit, ...kept, "c3 get a 34..35")).toEqual([]);
    expect(certificateOf(violationsOf(noExpiredHit, ...kept, "c3 get a 35.1..36"))).toEqual([
      "c1#1",
      "c2#1",
      "c3#1",
    ]);
  });

  test("that is acknowledged in time keeps it from being missed", () => {
    expect(summaryOf(...kept, "c3 get - 34..35")).toEqual([]);
    expect(summaryOf(...kept, "c3 get - 20..21")).toHaveLength(1);
    const survive = acknowledgedWritesSurvive.check(
      record(history(...kept, "c3 get - 20..21"), { settleMs: 0 }),
    );
    expect(survive).toHaveLength(1);
  });

  test("whose end nobody knows may have let it live longer, or not", () => {
    const open = ["c1 set a 0..1 ttl=10", "c2 touch 4..5? ttl=30"];
    for (const answer of ["a", "-"]) {
      expect(summaryOf(...open, `c3 get ${answer} 20..21`)).toEqual([]);
      expect(violationsOf(noExpiredHit, ...open, `c3 get ${answer} 20..21`)).toEqual([]);
    }
    expect(violationsOf(noExpiredHit, ...open, "c3 get a 36..37")).toHaveLength(1);
    expect(
      violationsOf(noExpiredHit, "c1 set a 0..1 ttl=10", "c2 touch 4..5! ttl=30", "c3 get a 20..21"),
    ).toHaveLength(1);
  });

  test("that may have touched another value promises nothing of this one", () => {
    const two = ["c1 set a 0..1 ttl=10", "c4 set b 2..6", "c2 touch 4..5 ttl=30"];
    expect(summaryOf(...two, "c3 get b 8..9", "c5 get - 20..21")).toHaveLength(1);
    const other = ["c1 set a 0..1 ttl=10", "c4 set b 2..6 ttl=10", "c2 touch 4..5 ttl=30"];
    expect(summaryOf(...other, "c3 get b 8..9", "c5 get - 20..21")).toEqual([]);
  });

  test("of two at once only one need count", () => {
    const two = ["c1 set a 0..1 ttl=10", "c2 touch 4..6 ttl=30", "c4 touch 5..7 ttl=8"];
    expect(summaryOf(...two, "c3 get - 16..17")).toEqual([]);
    const inTurn = ["c1 set a 0..1 ttl=10", "c2 touch 4..5 ttl=30", "c4 touch 6..7 ttl=8"];
    expect(summaryOf(...inTurn, "c3 get - 16..17")).toHaveLength(1);
  });

  test("while which the time ends may let the value be missed, and found again", () => {
    const late = ["c1 set a 0..1 ttl=10", "c2 touch 9..13 ttl=30", "c3 get - 11..12", "c3 get a 14..15"];
    expect(summaryOf(...late)).toEqual([]);
    // Without it what is gone is gone.
    expect(summaryOf(...late.filter((line) => !line.includes("touch")))).toHaveLength(1);
  });

  test("cannot bring back what had expired before it began", () => {
    const dead = ["c1 set a 0..1 ttl=10", "c2 touch 12..13 ttl=30"];
    expect(violationsOf(noExpiredHit, ...dead, "c3 get a 14..15")).toHaveLength(1);
  });

  test("that found nothing is a miss", () => {
    expect(summaryOf("c1 set a 0..1", "c2 touch 4..5 ttl=30 found=-")).toHaveLength(1);
    expect(summaryOf("c1 set a 0..1", "c1 delete 2..3", "c2 touch 4..5 ttl=30 found=-")).toEqual([]);
  });
});

describe("getOrLoad", () => {
  test("that found something is a read", () => {
    expect(summaryOf("c1 set a 0..1", "c1 set b 2..3", "c2 getOrLoad c 4..5 found=a")).toHaveLength(1);
    expect(summaryOf("c1 set a 0..1", "c1 set b 2..3", "c2 getOrLoad c 4..5 found=b")).toEqual([]);
  });

  test("that loaded and stored is a write in its own time", () => {
    expect(summaryOf("c2 getOrLoad c 4..9", "c1 get c 5..6", "c1 get c 10..11")).toEqual([]);
    expect(summaryOf("c2 getOrLoad c 4..9", "c1 get - 10..11")).toHaveLength(1);
    expect(summaryOf("c1 set a 0..1", "c2 getOrLoad c 4..9", "c1 get a 10..11")).toHaveLength(1);
  });

  test("that loaded what the cache may not have kept promises nothing", () => {
    const loaded = "c2 getOrLoad c 4..9 loaded=unstored";
    for (const answer of ["a", "c"])
      expect(summaryOf("c1 set a 0..1", loaded, `c1 get ${answer} 10..11`)).toEqual([]);
    expect(summaryOf("c1 set a 0..1", loaded, "c1 get c 10..11", "c1 get a 12..13")).toHaveLength(1);
  });
});

test("a certificate shows what clients asked for, each once", () => {
  const operations = history("c1 set a 0..1", "c2 set x 2..3", "c1 compareAndSet b 4..5 expects=a");
  const violations = asRecorded(linearizable.check(record(operations)), operations);
  expect(violations[0]?.operations).toEqual(operations);
});

test("other checkers are told of them in their own words", () => {
  const { operations } = recordedRun(
    record(
      history(
        "c1 set a 0..1",
        "c1 compareAndSet b 2..3 expects=a",
        "c1 compareAndSet c 4..5 found=b",
        "c1 compareAndSet d 6..7! expects=b error=not-supported",
        "c1 touch 8..9 ttl=5",
        "c1 touch 10..11 ttl=5 found=-",
        "c1 getOrLoad e 12..13",
        "c1 getOrLoad f 14..15 loaded=unstored",
        "c1 getOrLoad g 16..17 found=e",
      ),
    ),
  );
  expect(operations.map(({ f, input, output, result }) => [f, input ?? output, result])).toEqual([
    ["write", "a", "ok"],
    ["cas", ["a", "b"], "ok"],
    ["read", "b", "ok"],
    ["read", null, "ok"],
    ["write", "e", "ok"],
    ["write", "f", "indeterminate"],
    ["read", "e", "ok"],
  ]);
});
