import { describe, expect, test } from "vitest";
import { guessFormat } from "../../../../sim/check/formats/history-format.ts";
import { readHistory } from "../../../../sim/check/formats/read-history.ts";
import type { RecordedOperation } from "../../../../sim/check/formats/recorded-history.ts";

const bytes = (text: string) => [new TextEncoder().encode(text)];

async function read(text: string): Promise<readonly RecordedOperation[]> {
  const loaded = await readHistory(bytes(text), "h", null);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return loaded.value.history.operations;
}

/** "line:column message" of the only problem. */
async function problemOf(input: string | Iterable<Uint8Array>): Promise<string> {
  const loaded = await readHistory(typeof input === "string" ? bytes(input) : input, "h", null);
  if (loaded.ok || loaded.problems.length !== 1) throw new Error("expected one problem");
  const [problem] = loaded.problems;
  return `${problem?.position?.line}:${problem?.position?.column} ${problem?.message}`;
}

const brief = ({ process, f, key, input, output, result, callAt, returnAt }: RecordedOperation) =>
  `${process} ${f} ${key} ${JSON.stringify(input)} ${JSON.stringify(output)} ${result} ${callAt}..${returnAt}`;

const log = (...lines: string[]) =>
  lines.map((line) => `INFO  jepsen.util - ${line.replaceAll(" ", "\t")}\n`).join("");

describe("the log of Jepsen", () => {
  test("is read as calls and returns, in the order of its lines", async () => {
    const text = [
      "INFO  jepsen.core - Worker 1 starting",
      "INFO  jepsen.util - 0\t:invoke\t:read\tnil",
      "INFO  jepsen.util - 1\t:invoke\t:cas\t[1 2]",
      "INFO  jepsen.util - :nemesis\t:info\t:start\tnil",
      "INFO  jepsen.util - 0\t:ok\t:read\t3",
      "INFO  jepsen.util - 1\t:fail\t:cas\t[1 2]",
      "INFO  jepsen.util - 0\t:invoke\t:write\t4",
      "INFO  jepsen.util - 0\t:info\t:write\t:timed-out",
      // The same process goes on, though nobody knows the end of what it did.
      "INFO  jepsen.util - 0\t:invoke\t:write\t5",
    ].join("\r\n");
    expect((await read(text)).map(brief)).toEqual([
      "0 read null null 3 ok 0..2",
      "1 cas null [1,2] null fail 1..3",
      "0 write null 4 null indeterminate 4..Infinity",
      "0 write null 5 null indeterminate 6..Infinity",
    ]);
  });

  test("of many keys at once has pairs for values", async () => {
    const text = log(
      '0 :invoke :read ["a",nil]',
      "1 :invoke :cas [7,[1,2]]",
      '0 :ok :read ["a",5]',
      "1 :ok :cas [7,[1,2]]",
    );
    expect((await read(text)).map(brief)).toEqual(["0 read a null 5 ok 0..2", "1 cas 7 [1,2] [1,2] ok 1..3"]);
  });

  test.each([
    [
      "a return before its call",
      log("0 :ok :read 1"),
      "1:1 process 0 returns from read, which it has not called",
    ],
    [
      "two operations of one process",
      log("0 :invoke :read nil", "0 :invoke :write 1"),
      "2:1 process 0 calls write, but its read of line 1 has not returned",
    ],
    [
      "a return from something else",
      log("0 :invoke :read nil", "0 :ok :write 1"),
      "2:1 process 0 returns from write, but called read on line 1",
    ],
    ["an unknown type", log("0 :begin :read nil"), '1:1 expected :invoke, :ok, :fail or :info, got ":begin"'],
    ["a line that was cut off", `${log("0 :invoke :read nil")}INFO  jepsen.util - 0\t:o`, "2:1 cut off"],
    ["a value that was cut off", log("0 :invoke :cas [1"), "1:3 cut off: the value is not complete"],
    ["a foreign line", `${log("0 :invoke :read nil")}hello\nworld\n`, "2:1 expected a line of Jepsen's log"],
  ])("is refused for %s, with the line", async (_, text, problem) => {
    expect(await problemOf(text)).toContain(problem);
  });
});

describe("EDN", () => {
  const expected = ["0 write null 3 3 ok 0..2", "1 read null null 3 ok 1..3"];
  const lines = [
    "{:process 0, :type :invoke, :f :write, :value 3, :index 0}",
    "{:process 1, :type :invoke, :f :read, :value nil}",
    "{:process 0, :type :ok, :f :write, :value 3}",
    "{:process 1, :type :ok, :f :read, :value 3}",
  ];

  test.each([
    ["a map on each line", lines.join("\n")],
    ["one list of maps", `[${lines.join(" ")}]`],
    ["a list over lines, with commas and comments", `; a history\n(${lines.join(",\n;; then\n")})\n`],
    ["records with a tag", lines.map((line) => `#jepsen.history.Op${line}`).join("\n")],
    ["maps over several lines", lines.join("\n").replaceAll(", ", ",\n  ")],
    [
      "with the nemesis in between",
      lines.join("\n{:process :nemesis, :type :info, :f :start, :value {:a #{1}}}\n"),
    ],
  ])("may be %s", async (_, text) => {
    expect((await read(text)).map(brief)).toEqual(expected);
  });

  test("has all kinds of values, of which keywords and symbols are texts", async () => {
    const value =
      '[nil true -2 +3 1.5 2e3 4N 5M :a/b c "x\\n\\"}" \\a {:k [1], "l" 2} #{1} #inst "z" #_ 9 ()]';
    const [operation] = await read(`{:process 0 :type :invoke :f :add :value ${value}}`);
    expect(operation?.input).toEqual([
      null,
      true,
      -2,
      3,
      1.5,
      2000,
      4,
      5,
      "a/b",
      "c",
      'x\n"}',
      "a",
      { k: [1], l: 2 },
      [1],
      "z",
      [],
    ]);
  });

  test("cannot reach a prototype", async () => {
    const [operation] = await read('{:process 0 :type :invoke :f :add :value {"__proto__" {"polluted" 1}}}');
    expect(Object.hasOwn(operation?.input as object, "__proto__")).toBe(true);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  test.each([
    [
      "a map that does not end",
      "{:process 0\n:type :invoke, :f :read",
      "1:1 cut off: the map that begins here",
    ],
    ["a list that does not end", `[${lines.join("\n")}\n`, "5:1 cut off: the list around the operations"],
    ["something that is no map", `${lines[0]}\n42`, "2:1 expected a map"],
    ["something after the list", `[${lines.join(" ")}] {:process 0}`, "1:1 expected a map"],
    ["an unknown type", "{:process 0 :type :maybe :f :read}", "1:1 :type must be"],
    ["no process", "{:type :invoke :f :read}", "1:1 no :process"],
    ["no f", "{:process 0 :type :invoke}", "1:1 no :f"],
    [
      "a number beyond the exact ones",
      "{:process 0 :type :invoke\n :f :add :value 9007199254740993}",
      "2:17 ",
    ],
    ["one key twice", "{:process 0 :process 1 :type :invoke :f :read}", "1:1 a key twice"],
    ["a key without a value", "{:process 0 :type :invoke :f}", "has no value"],
    [
      "no end of depth",
      `{:process 0 :type :invoke :f :add :value ${"[".repeat(99)}${"]".repeat(99)}}`,
      "nested",
    ],
    ["a negative time", "{:process 0 :type :invoke :f :read :time -1}", "1:1 :time must be"],
    ["a value that is none", "{:process 0 :type :invoke :f :add :value 1x}", 'not a value of EDN: "1x"'],
    ["a map that is skipped", "{:process 0 :type :invoke :f :read}\n#_{:process 1}", "2:1 expected a map"],
  ])("is refused for %s, with the line", async (_, text, problem) => {
    expect(await problemOf(text)).toContain(problem);
  });
});

describe("JSON Lines", () => {
  const line = (parts: object) =>
    `${JSON.stringify({ process: "a", f: "read", result: "ok", callUs: 1, returnUs: 2, ...parts })}\n`;

  test("are ordered by their times; what touches is concurrent", async () => {
    const text =
      line({ callUs: 5, returnUs: 9 }) + line({ process: 7, f: "write", input: 1, callUs: 0, returnUs: 5 });
    expect((await read(text)).map(brief)).toEqual([
      "7 write null 1 null ok 0..2",
      "a read null null null ok 1..3",
    ]);
  });

  test.each([
    ["a return before its call", line({ callUs: 3 }), "1:1 returns at 2, before its call at 3"],
    [
      "two operations of one process",
      line({}) + line({ callUs: 1.5, returnUs: 9 }),
      "2:1 process a calls read at 1.5",
    ],
    ["an answer without a return", line({ returnUs: null }), '1:1 "result": "ok" needs a return'],
    ["an unknown result", line({ result: "maybe" }), "1:1 result:"],
    ["an unknown name", line({ reslut: 1 }), 'Unrecognized key: "reslut"'],
    ["a line that is no JSON", `${line({})}{"process":\n`, "2:1 not valid JSON"],
    ["a line that was cut off", `${line({})}{"process":"a","f`, "2:1 cut off"],
    [
      "a number beyond the exact ones",
      line({ input: "x" }).replace('"x"', "9007199254740993"),
      "1:1 9007199254740993",
    ],
    ["another version", '{"format":"cache-sim/history","version":2}\n', "1:1 version:"],
    ["no operation", '{"format":"cache-sim/history","version":1}\n', "1:1 there is no operation"],
  ])("are refused for %s, with the line", async (_, text, problem) => {
    expect(await problemOf(text)).toContain(problem);
  });
});

describe("a file", () => {
  test.each([
    ["empty", "", "1:1 the file is empty"],
    ["of something else", "# Read me\n", "1:1 "],
    ["in UTF-16", [new Uint8Array([0xff, 0xfe, 0x7b, 0])], "1:1 UTF-16 text: save the file as UTF-8"],
    ["compressed", [new Uint8Array([0x1f, 0x8b, 8])], "1:1 compressed"],
    ["in Latin-1", [new TextEncoder().encode("{\n"), new Uint8Array([0xe9, 0x20])], "2:1 not UTF-8"],
    ["of bytes", [new TextEncoder().encode("INFO \n\0")], "2:1 a binary file"],
  ])("%s is refused", async (_, input, problem) => {
    expect(await problemOf(input)).toContain(problem);
  });

  test("with a line that does not end is refused before it fills the memory", async () => {
    let pieces = 0;
    function* endless(): Generator<Uint8Array> {
      const piece = new TextEncoder().encode(`{"a":"${"x".repeat(65_536)}`);
      for (;;) {
        pieces++;
        yield piece;
      }
    }
    expect(await problemOf(endless())).toContain("1:1 longer than 1048576 characters");
    expect(pieces).toBeLessThan(40);
  });

  test("is guessed by its beginning", () => {
    expect(guessFormat("\uFEFF INFO  jepsen.util - 0")?.name).toBe("jepsen");
    expect(guessFormat('{:process 0, :f :append, :key "0"}')?.name).toBe("porcupine");
    expect(guessFormat("{:process 0, :f :write}")?.name).toBe("edn");
    expect(guessFormat('{"process": 0}')?.name).toBe("jsonl");
    expect(guessFormat("process,type,f")).toBeNull();
  });
});
