import { describe, expect, test } from "vitest";
import { checkHistory, type HistoryReport } from "../../../sim/check/check-history.ts";
import { formatByName, type HistoryFormat } from "../../../sim/check/formats/history-format.ts";
import type { Data, RecordedOperation } from "../../../sim/check/formats/recorded-history.ts";
import { guessModel, modelByName, models } from "../../../sim/check/models/index.ts";
import type { Model } from "../../../sim/check/models/model.ts";

/** "read -> 1" or "write 1", one after the other; `?` at the end: nobody knows whether; `!`: it failed. */
function sequence(...lines: readonly string[]): RecordedOperation[] {
  return lines.map((line, index) => {
    const [, f = "", input = "null", output = "null", mark] =
      /^([\w-]+)(?: (?![-?!])(.+?))?(?: -> (.+?))?( [?!])?$/.exec(line) ?? [];
    const result = mark?.trim() === "?" ? "indeterminate" : mark?.trim() === "!" ? "fail" : "ok";
    return {
      line: index + 1,
      process: "0",
      f,
      key: null,
      input: JSON.parse(input) as Data,
      output: JSON.parse(output) as Data,
      result,
      callAt: 2 * index,
      returnAt: result === "indeterminate" ? Number.POSITIVE_INFINITY : 2 * index + 1,
    };
  });
}

function check(model: string, lines: readonly string[], format = "jepsen", initial?: Data): HistoryReport {
  const { dialect } = formatByName(format) as HistoryFormat;
  return checkHistory(
    { operations: sequence(...lines) },
    { model: modelByName(model) as Model, dialect, initial },
  );
}

/** What each model allows and what it does not, one operation after the other. */
const cases: Readonly<Record<string, { right: readonly string[][]; wrong: readonly string[][] }>> = {
  register: {
    right: [
      ["read -> null", "write 1", "read -> 1", "write 1", "read -> 1"],
      ["write 1", "delete", "read -> null", "get -> null", "set 2", "get -> 2"],
      ["write 1 ?", "read -> null"],
      ["write 1 ?", "read -> 1", "write 1", "read -> 1"],
      ["write 1", "write 2 !", "read -> 1", "write 1"],
    ],
    wrong: [
      ["read -> 1"],
      ["write 1", "read -> null", "write 1"],
      ["write 1", "write 2", "read -> 1", "write 2"],
      ["write 1 !", "read -> 1"],
      ["write 1", "delete", "read -> 1"],
    ],
  },
  "cas-register": {
    right: [
      ["write 1", "cas [1,2]", "read -> 2"],
      ["cas [null,1]", "read -> 1"],
      ["write 1", "cas [2,3] !", "read -> 1"],
      ["write 1", "cas [1,2] ?", "read -> 1", "read -> 2"],
    ],
    wrong: [
      ["write 1", "cas [2,3]"],
      ["write 1", "cas [1,3] !"],
      ["cas [1,2] ?", "read -> 2"],
      ["write 1", "cas [1,2]", "cas [1,3]"],
    ],
  },
  kv: {
    right: [
      ['get -> ""', 'append "a"', 'put "b"', 'append "c"', 'get -> "bc"', "delete", "get -> null"],
      ['put ""', 'get -> ""'],
    ],
    wrong: [
      ['put "a"', 'append "b"', 'get -> "ba"'],
      ['put ""', "get -> null"],
      ['put "a"', 'get -> ""'],
    ],
  },
  counter: {
    right: [
      ["read -> 0", "inc", "add 3", "dec", "read -> 3"],
      ["add 2 ?", "read -> 0", "read -> 2"],
    ],
    wrong: [
      ["inc", "read -> 0"],
      ["add 2 ?", "read -> 2", "read -> 0"],
    ],
  },
  set: {
    right: [["read -> []", "add 2", "add 1", "add 1", "read -> [1,2]", "remove 1", "contains 1 -> false"]],
    wrong: [
      ["add 1", "read -> []"],
      ["add 1", "contains 1 -> false"],
      ["remove 1", "read -> [1]"],
    ],
  },
  queue: {
    right: [
      ["enqueue 1", "enqueue 2", "dequeue -> 1", "dequeue -> 2", "dequeue -> null"],
      ["enqueue 1", "dequeue ?"],
    ],
    wrong: [
      ["enqueue 1", "enqueue 2", "dequeue -> 2"],
      ["enqueue 1", "dequeue -> null"],
      ["enqueue 1", "dequeue -> 1", "dequeue -> 1"],
    ],
  },
  lock: {
    right: [
      ["acquire", "release", "lock", "unlock"],
      ['acquire "a"', 'release "a"', 'acquire "b"'],
    ],
    wrong: [["acquire", "acquire"], ["release"], ['acquire "a"', 'release "b"']],
  },
};

test("every model is tried here", () => {
  expect(Object.keys(cases).toSorted()).toEqual(models.map(({ name }) => name).toSorted());
});

describe.each(Object.entries(cases))("a %s", (model, { right, wrong }) => {
  test.each(right)("allows %s, %s, %s ...", (...lines) => {
    expect(check(model, lines).verdict).toBe("linearizable");
  });

  test.each(wrong)("does not allow %s, %s, %s ...", (...lines) => {
    expect(check(model, lines).verdict).toBe("violation");
  });

  test("begins as it is told to", () => {
    const begins: Readonly<Record<string, [Data, string]>> = {
      register: [5, "read -> 5"],
      "cas-register": [5, "cas [5,6]"],
      kv: ["x", 'get -> "x"'],
      counter: [5, "read -> 5"],
      set: [[5], "read -> [5]"],
      queue: [[5], "dequeue -> 5"],
      lock: ["a", 'release "a"'],
    };
    const [initial, line] = begins[model] as [Data, string];
    expect(check(model, [line], "jepsen", initial).verdict).toBe("linearizable");
    expect(check(model, [line]).verdict).toBe("violation");
  });

  test("knows what it does not know, and on which line", () => {
    expect(() => check(model, ["frobnicate 1"])).toThrow(`the model ${model} has no operation "frobnicate"`);
  });
});

test.each([
  ["cas-register", "cas 1", "cas needs two values"],
  ["kv", "append 1", "expected a text"],
  ["counter", 'add "a"', "a counter counts numbers"],
  ["set", "read -> 1", "a set is read as a list"],
])("a %s refuses %s", (model, line, message) => {
  expect(() => check(model, [line])).toThrow(message);
});

describe("dialects", () => {
  test("a read of nil found nothing to Jepsen's log, and says nothing in Knossos' EDN", () => {
    const lines = ["write 1", "read -> null", "write 1"];
    expect(check("register", lines, "jepsen").verdict).toBe("violation");
    expect(check("register", lines, "edn").verdict).toBe("linearizable");
  });

  test("a failed cas found another value in Jepsen's log, and says nothing in Knossos' EDN", () => {
    const lines = ["write 1", "cas [1,2] !"];
    expect(check("cas-register", lines, "jepsen").verdict).toBe("violation");
    expect(check("cas-register", lines, "edn").verdict).toBe("linearizable");
  });

  test("a cas-register of Knossos begins with 0, unless the user says nil", () => {
    expect(check("cas-register", ["cas [0,1]"], "edn").verdict).toBe("linearizable");
    expect(check("cas-register", ["cas [0,1]"], "jepsen").verdict).toBe("violation");
    expect(check("cas-register", ["cas [0,1]"], "edn", null).verdict).toBe("violation");
  });
});

test.each([
  ["register", ["read -> 1", "write 1"]],
  ["register", ["get -> null", "set 1", "delete"]],
  ["cas-register", ["read -> 1", "cas [1,2]"]],
  ["kv", ['get -> ""', 'append "a"']],
  ["counter", ["add 1", "read -> 1"]],
  ["set", ["add 1", "read -> [1]"]],
  ["queue", ["enqueue 1"]],
  ["lock", ["acquire"]],
])("the model %s is guessed from %s", (model, lines) => {
  expect(guessModel(sequence(...lines))?.name).toBe(model);
});

test("no model is guessed for what none knows together", () => {
  expect(guessModel(sequence("enqueue 1", "acquire"))).toBeNull();
});
