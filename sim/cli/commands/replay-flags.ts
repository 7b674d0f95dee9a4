import { EXPORT_KINDS, type ExportKind } from "../../report/export/kinds.ts";
import type { LogKind } from "../../report/replay-report.ts";
import { alternatives, didYouMean } from "../../run/suggest.ts";
import type { SeedFlags } from "../load-replayable.ts";
import { UsageError } from "../usage-error.ts";

export interface ReplayFlags extends SeedFlags {
  readonly log: LogKind;
  readonly until?: number;
  readonly around?: number;
  readonly state?: StatePlace;
  readonly print?: "journal";
  readonly step: boolean;
  readonly diff: boolean;
  readonly trace?: string;
  readonly html?: string;
  readonly export?: ExportKind;
  readonly twice: boolean;
  readonly strict: boolean;
}

/** Of which machine, and after which event. */
export interface StatePlace {
  readonly machine: string;
  readonly event: number;
}

export function parseEvent(text: string): number {
  const digits = /^#?(\d{1,15})$/.exec(text)?.[1];
  if (digits === undefined) throw new RangeError("expected the number of an event, such as 1234");
  return Number(digits);
}

export function parseStatePlace(text: string): StatePlace {
  const [, machine, event] = /^(.+)@(#?\d{1,15})$/.exec(text) ?? [];
  if (machine === undefined || event === undefined) {
    throw new RangeError("expected a machine and an event, such as n2@1234");
  }
  return { machine, event: parseEvent(event) };
}

export function parseExportKind(text: string): ExportKind {
  const kind = EXPORT_KINDS.find((known) => known === text);
  if (kind === undefined) {
    throw new RangeError(`expected ${alternatives(EXPORT_KINDS)}${didYouMean(text, EXPORT_KINDS)}`);
  }
  return kind;
}

/** What is given besides the flags: a file to run, and with some flags one more. */
export interface ReplayFiles {
  readonly source: string;
  /** Where an export goes, or the trace to compare with. */
  readonly other: string | null;
}

export function filesOf(words: readonly string[], flags: ReplayFlags): ReplayFiles {
  const [source, other = null] = words;
  if (source === undefined) throw new UsageError(["give the plan, scenario or trace to replay"]);
  if (flags.diff && other === null) {
    throw new UsageError(["--diff compares two traces: cache-sim replay --diff A.jsonl.gz B.jsonl.gz"]);
  }
  if (!flags.diff && flags.export !== undefined && other === null) {
    throw new UsageError([
      `--export ${flags.export} writes a file: cache-sim replay ${source} --export ${flags.export} FILE`,
    ]);
  }
  if (other !== null && !flags.diff && flags.export === undefined) {
    throw new UsageError([`one file is replayed at a time, and ${other} is a second one`]);
  }
  return { source, other };
}
