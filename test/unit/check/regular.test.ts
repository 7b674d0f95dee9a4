import { describe, expect, test } from "vitest";
import { regular } from "../../../sim/check/invariants/regular.ts";
import { certificateOf, violationsOf } from "./history-builder.ts";

const check = (...lines: readonly string[]) => violationsOf(regular, ...lines);

describe("regular is silent when", () => {
  test.each([
    ["a get finds the last value", ["c1 set a 0..1", "c1 set b 2..3", "c2 get b 4..5"]],
    ["a get overlaps the write that replaces its value", ["c1 set a 0..1", "c1 set b 2..9", "c2 get a 4..5"]],
    [
      "two gets disagree about a write under way",
      ["c1 set a 0..1", "c1 set b 2..20", "c2 get b 4..5", "c3 get a 6..7", "c2 get b 8..9"],
    ],
    [
      "two writes overlapped, whichever is found",
      ["c1 set a 0..5", "c2 set b 1..4", "c3 get a 6..7", "c3 get b 8..9"],
    ],
    ["an unanswered write comes late", ["c1 set a 0..1?", "c1 set b 2..3", "c2 get b 4..5", "c2 get a 6..7"]],
    ["nothing was written yet", ["c2 get - 0..1", "c1 set a 2..3"]],
    ["the value was deleted", ["c1 set a 0..1", "c1 delete 2..3", "c2 get - 4..5"]],
    ["the value may be deleted while it is read", ["c1 set a 0..1", "c1 delete 4..6", "c2 get - 3..5"]],
    ["intervals touch", ["c1 set a 0..1", "c1 set b 1..2", "c2 get a 3..4"]],
  ])("%s", (_name, lines) => {
    expect(check(...lines)).toEqual([]);
  });
});

describe("regular finds", () => {
  test.each([
    ["a stale value", ["c1 set a 0..1", "c1 set b 2..3", "c2 get a 4..5"], ["c1#1", "c1#2", "c2#1"]],
    [
      "a value that came back",
      ["c1 set a 0..1", "c1 delete 2..3", "c2 get a 4..5"],
      ["c1#1", "c1#2", "c2#1"],
    ],
    ["a lost value", ["c1 set a 0..1", "c2 get - 2..3"], ["c1#1", "c2#1"]],
    [
      "a value lost after an old delete",
      ["c1 delete 0..1", "c1 set a 2..3", "c2 get - 4..5"],
      ["c1#1", "c1#2", "c2#1"],
    ],
    ["a value from nowhere", ["c1 set a 0..1", "c2 get ghost 2..3"], ["c2#1"]],
    ["a value before its time", ["c2 get a 0..1", "c1 set a 2..3"], ["c2#1", "c1#1"]],
    ["the value of a failed write", ["c1 set a 0..1!", "c2 get a 2..3"], ["c1#1", "c2#1"]],
  ])("%s", (_name, lines, certificate) => {
    expect(certificateOf(check(...lines))).toEqual(certificate);
  });

  test("and says why in words", () => {
    const [stale] = check("c1 set a 0..1", "c1 set b 2..3", "c2 get a 4..5");
    expect(stale?.summary).toContain('found "a" in "k", although set c1#2 wrote "b", acknowledged at 3 ms');
    expect(stale?.notes).toEqual(["set c1#1 had ended at 1 ms, before set c1#2 was called."]);
  });
});
