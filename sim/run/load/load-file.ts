import { closeSync, openSync, readdirSync, readSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { KnownNames } from "./load-names.ts";
import { loadPlan, planFile } from "./load-plan.ts";
import { failed, type Loaded } from "./load-problem.ts";
import { loadScenario, scenarioFile } from "./load-scenario.ts";
import { type FileKind, fileProblem, tooLarge } from "./load-text.ts";
import type { Plan } from "../plan.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { didYouMean } from "../suggest.ts";

/** The thin edge of loading: files to text. Everything else is a pure function of the text. */

export function readScenario(file: string, known: Omit<KnownNames, "systems">): Loaded<Scenario> {
  const text = readTextFile(file, scenarioFile);
  return text.ok ? loadScenario(text.value, file, known) : text;
}

export function readPlan(file: string, known: KnownNames): Loaded<Plan> {
  const text = readTextFile(file, planFile);
  return text.ok ? loadPlan(text.value, file, known) : text;
}

/** The bytes of a file of at most `kind.bytesMax`. */
export function readBytes(file: string, kind: FileKind): Loaded<Uint8Array> {
  let bytes: Uint8Array | null;
  try {
    bytes = readAtMost(file, kind.bytesMax);
  } catch (error) {
    return failed(fileProblem(file, whyUnreadable(file, error as NodeJS.ErrnoException, kind.what)).problems);
  }
  if (bytes === null) return failed(fileProblem(file, tooLarge(kind)).problems);
  return { ok: true, value: bytes };
}

function readTextFile(file: string, kind: FileKind): Loaded<string> {
  const bytes = readBytes(file, kind);
  if (!bytes.ok) return bytes;
  try {
    return { ok: true, value: new TextDecoder("utf-8", { fatal: true }).decode(bytes.value) };
  } catch {
    return failed(fileProblem(file, `not UTF-8 text: expected ${kind.what}`).problems);
  }
}

const CHUNK_BYTES = 65_536;

/** Null when there is more. A size asked for beforehand would be wrong for pipes and devices. */
function readAtMost(file: string, bytesMax: number): Uint8Array | null {
  const descriptor = openSync(file, "r");
  try {
    const chunks: Uint8Array[] = [];
    let total = 0;
    for (;;) {
      const chunk = new Uint8Array(CHUNK_BYTES);
      const count = readSync(descriptor, chunk);
      if (count === 0) return Buffer.concat(chunks);
      total += count;
      if (total > bytesMax) return null;
      chunks.push(chunk.subarray(0, count));
    }
  } finally {
    closeSync(descriptor);
  }
}

/** @param what was expected, as in "a scenario" */
export function whyUnreadable(file: string, error: NodeJS.ErrnoException, what: string): string {
  const { code, message } = error;
  if (code === "ENOENT" || code === "ENOTDIR") return `no such file: expected ${what}${nearestFile(file)}`;
  if (code === "EISDIR") return `a directory: expected the file of ${what}`;
  if (code === "EACCES" || code === "EPERM") return "cannot be read: permission denied";
  return `cannot be read: ${message}`;
}

function nearestFile(file: string): string {
  const folder = dirname(file);
  try {
    const near = didYouMean(basename(file), readdirSync(folder));
    return near.replace(/"(.+)"/, (_, name: string) => `"${join(folder, name)}"`);
  } catch {
    return "";
  }
}
