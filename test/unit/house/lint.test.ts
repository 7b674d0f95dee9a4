import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

/** What the linter says of files that are planted where code runs in a simulation. */

const root = fileURLToPath(new URL("../../..", import.meta.url));

/** Lines that must not be there, each the only one of its file. */
const PLANTED = [
  'import { randomUUID } from "node:crypto"; export const x = randomUUID;',
  'import * as crypto from "node:crypto"; export const x = crypto;',
  'import { randomUUID } from "crypto"; export const x = randomUUID;',
  'import { performance } from "node:perf_hooks"; export const x = performance;',
  'import { setTimeout } from "node:timers/promises"; export const x = setTimeout;',
  'import { hrtime } from "node:process"; export const x = hrtime;',
  'import { executionAsyncId } from "node:async_hooks"; export const x = executionAsyncId;',
  'import { hostname } from "node:os"; export const x = hostname;',
  'import { connect } from "node:net"; export const x = connect;',
  'import { request } from "node:http"; export const x = request;',
  'import { lookup } from "node:dns/promises"; export const x = lookup;',
  'import { exec } from "node:child_process"; export const x = exec;',
  'import { Worker } from "node:worker_threads"; export const x = Worker;',
  'import { gzip } from "node:zlib"; export const x = gzip;',
  'import { getHeapStatistics } from "node:v8"; export const x = getHeapStatistics;',
  'export { randomBytes } from "node:crypto";',
  "export const x = Date.now();",
  "export const x = () => new Date();",
  "export const x = globalThis.Date;",
  "export const x = Math.random();",
  "export const { random } = Math;",
  "export const x = Math.pow(2, 0.5);",
  "export const x = performance.now();",
  "export const x = () => setTimeout(() => {}, 1);",
  "export const x = () => globalThis.setTimeout(() => {}, 1);",
  "export const x = process.hrtime.bigint();",
  "export const x = process.pid;",
  "export const x = process.memoryUsage();",
  "export const x = crypto.randomUUID();",
  'export const x = () => fetch("http://localhost");',
  "export const x = new WeakRef({});",
  "export const x = new Intl.NumberFormat();",
  "export const x = (a: string, b: string) => a.localeCompare(b);",
  "export const x = (a: number) => a.toLocaleString();",
  "export const x = () => AbortSignal.timeout(1);",
] as const;

const FOLDERS = [
  "src",
  "packages/clock/src",
  "sim/kernel",
  "sim/world",
  "sim/run",
  "sim/check",
  "sim/systems",
];
const HARMLESS = 'import { join } from "node:path"; export const x = structuredClone(join("a", "b"));';

describe("the linter, in code that runs in a simulation,", () => {
  const folder = mkdtempSync(join(tmpdir(), "lint-"));
  const complained = new Set<string>();
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  beforeAll(async () => {
    const config = JSON.parse(readFileSync(join(root, ".oxlintrc.json"), "utf8")) as { options: object };
    // Types would need a project, and no rule about this needs them.
    config.options = { ...config.options, typeAware: false };
    writeFileSync(join(folder, ".oxlintrc.json"), JSON.stringify(config));
    for (const place of FOLDERS) {
      for (const [index, line] of [...PLANTED, HARMLESS].entries()) {
        const file = join(folder, place, `planted-${index}.ts`);
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, `${line}\n`);
      }
    }
    const oxlint = join(root, "node_modules", ".bin", "oxlint");
    const output = await new Promise<string>((resolve) => {
      execFile(oxlint, ["-f", "json"], { cwd: folder, maxBuffer: 67_108_864 }, (_error, stdout) =>
        resolve(stdout),
      );
    });
    const { diagnostics } = JSON.parse(output) as {
      readonly diagnostics: readonly { readonly filename: string; readonly code: string }[];
    };
    const rules = /no-restricted-|prefer-node-protocol/;
    for (const { filename, code } of diagnostics) if (rules.test(code)) complained.add(filename);
  });

  const fileOf = (place: string, index: number): string => `${place}/planted-${index}.ts`;

  test.each(FOLDERS)("complains about each way to the real world (%s)", (place) => {
    const missed = PLANTED.filter((_line, index) => !complained.has(fileOf(place, index)));
    expect(missed).toEqual([]);
  });

  test("has nothing against what is the same in every run", () => {
    expect(FOLDERS.filter((place) => complained.has(fileOf(place, PLANTED.length)))).toEqual([]);
  });
});
