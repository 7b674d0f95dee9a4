import { Readable } from "node:stream";
import { createGzip } from "node:zlib";
import { exportLines } from "../../report/export/index.ts";
import { htmlPage } from "../../report/html/index.ts";
import { traceLines } from "../../report/trace-lines.ts";
import { type Content, writeFileWhole } from "../../search/write-file.ts";
import type { Replay } from "../../trace/replay.ts";
import type { ReplayFlags } from "./replay-flags.ts";
import { readVersion } from "../version.ts";
import { writeProblem } from "../write-problem.ts";

/** What a replay leaves behind besides text: each file whole or not at all. */
export interface ReplayOutputs {
  readonly flags: ReplayFlags;
  /** Where an export goes. */
  readonly exportFile: string | null;
  /** The line that replays this run, for the page. */
  readonly command: string;
  /** Violations that are none to fail for, with the reason. */
  readonly whyExpected: Parameters<typeof htmlPage>[1]["whyExpected"];
  readonly nodeVersion: string;
}

/** @returns a line for each file that could not be written */
export async function writeOutputs(replayed: Replay, outputs: ReplayOutputs): Promise<string[]> {
  const { flags, exportFile, command, whyExpected, nodeVersion } = outputs;
  const writer = { code: await readVersion(), node: nodeVersion };
  const problems: string[] = [];
  async function write(
    path: string | null | undefined,
    content: () => Content | Promise<Content>,
  ): Promise<void> {
    if (path === null || path === undefined) return;
    // A mistake in making the content is not one in writing the file.
    const made = await content();
    try {
      await writeFileWhole(path, made);
    } catch (error) {
      problems.push(writeProblem(path, error));
    }
  }
  await write(flags.trace, () => gzipped(traceLines(replayed, writer)));
  await write(flags.html, () => htmlPage(replayed, { command, whyExpected, writer }));
  const { export: kind } = flags;
  if (kind !== undefined) await write(exportFile, () => plain(exportLines(kind, replayed, writer)));
  return problems;
}

function gzipped(lines: Iterable<string>): AsyncIterable<Uint8Array> {
  return Readable.from(lines).pipe(createGzip());
}

function plain(lines: Iterable<string>): AsyncIterable<Uint8Array> {
  return Readable.from(lines, { objectMode: false });
}
