import { type OutputFormat, outputFormats } from "../../report/campaign/output-formats.ts";
import { alternatives, didYouMean } from "../../run/suggest.ts";
import type { Shard } from "../../search/job.ts";

/** A form of the report, and the file for it; "-" is the standard output. */
export interface Output {
  readonly format: OutputFormat;
  readonly file: string;
}

const SHARDS_MAX = 10_000;

/** "junit=reports/junit.xml" */
export function parseOutput(input: string): Output {
  const at = input.indexOf("=");
  const name = at < 0 ? input : input.slice(0, at);
  const format = outputFormats.find((candidate) => candidate === name);
  if (format === undefined) {
    throw new Error(
      `expected FORMAT=FILE with one of ${alternatives(outputFormats)}${didYouMean(name, outputFormats)}`,
    );
  }
  const file = input.slice(at + 1);
  if (at < 0 || file === "")
    throw new Error(`expected the file as well: ${name}=FILE, or ${name}=- to print it`);
  return { format, file };
}

/** "3/8" */
export function parseShard(input: string): Shard {
  const match = /^(\d{1,6})\/(\d{1,6})$/.exec(input.trim());
  if (match === null) throw new Error("expected one of how many, such as 3/8");
  const [index, count] = [Number(match[1]), Number(match[2])];
  if (count < 1 || count > SHARDS_MAX) throw new Error(`expected 1 to ${SHARDS_MAX} shards`);
  if (index < 1 || index > count) throw new Error(`expected a shard from 1/${count} to ${count}/${count}`);
  return { index, count };
}

/** How many failures are enough. */
export function parseFailures(input: string): number {
  if (!/^[1-9]\d{0,8}$/.test(input.trim())) throw new Error("expected a whole number from 1 on");
  return Number(input);
}
