import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readPlan, readScenario } from "../../../sim/run/load/load-file.ts";
import { renderProblem } from "../../../sim/run/load/load-problem.ts";
import { known } from "./known-names.ts";

describe("a file", () => {
  let folder: string;
  const file = (name: string): string => join(folder, name);

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "cache-sim-load-"));
    writeFileSync(file("calm.yaml"), "name: calm\nstory: nothing happens\n");
    writeFileSync(file("latin1.yaml"), Buffer.from([0x6e, 0x3a, 0x20, 0xe9]));
    writeFileSync(file("large.yaml"), "#".repeat(1_048_577));
    writeFileSync(file("secret.yaml"), "name: x");
    chmodSync(file("secret.yaml"), 0);
    mkdirSync(file("folder.yaml"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const problemsOf = (path: string): string[] => {
    const loaded = readScenario(path, known);
    return loaded.ok ? [] : loaded.problems.map(renderProblem);
  };

  test("is read and named in its problems", () => {
    expect(readScenario(file("calm.yaml"), known)).toMatchObject({ ok: true, value: { name: "calm" } });
    expect(readPlan(file("calm.yaml"), known)).toMatchObject({
      ok: false,
      problems: [{ file: file("calm.yaml"), position: { line: 1, column: 1 } }],
    });
  });

  test("that does not exist is compared with those that do", () => {
    expect(problemsOf(file("clam.yaml"))).toEqual([
      `${file("clam.yaml")}: no such file: expected a scenario; did you mean "${file("calm.yaml")}"?`,
    ]);
    expect(problemsOf(file("nothing/like/it"))).toEqual([
      `${file("nothing/like/it")}: no such file: expected a scenario`,
    ]);
    expect(problemsOf(file("calm.yaml/x"))).toEqual([
      `${file("calm.yaml/x")}: no such file: expected a scenario`,
    ]);
  });

  test("that is a directory, not text, or too large is refused", () => {
    expect(problemsOf(file("folder.yaml"))).toEqual([
      `${file("folder.yaml")}: a directory: expected the file of a scenario`,
    ]);
    expect(problemsOf(file("latin1.yaml"))).toEqual([
      `${file("latin1.yaml")}: not UTF-8 text: expected a scenario`,
    ]);
    expect(problemsOf(file("large.yaml"))).toEqual([
      `${file("large.yaml")}: larger than 1 MiB, the most that a scenario may have`,
    ]);
  });

  // The superuser may read everything, so there is nothing to see.
  test.skipIf(process.getuid?.() === 0)("that may not be read is refused", () => {
    expect(problemsOf(file("secret.yaml"))).toEqual([
      `${file("secret.yaml")}: cannot be read: permission denied`,
    ]);
  });

  // A device never ends; whoever asks for its size is told zero.
  test.skipIf(process.platform !== "linux")("that never ends is not read for ever", () => {
    expect(problemsOf("/dev/zero")).toEqual([
      "/dev/zero: larger than 1 MiB, the most that a scenario may have",
    ]);
  });
});
