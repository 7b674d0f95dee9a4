import { failed, type Loaded } from "../run/load/load-problem.ts";
import type { CheckBytesOptions, CheckedHistory } from "./check-bytes.ts";
import { checkHistory, type HistoryFinding, type HistoryReport } from "./check-history.ts";
import type { HistoryFormat } from "./formats/history-format.ts";
import { HistoryProblem } from "./formats/history-problem.ts";
import { createOverlapCheck } from "./formats/jsonl-history.ts";
import { isPair, keyedOperation } from "./formats/keyed-values.ts";
import { keyText } from "./formats/edn-events.ts";
import { placeByTime } from "./formats/place-by-time.ts";
import { openHistory } from "./formats/read-history.ts";
import type { RecordedOperation } from "./formats/recorded-history.ts";
import { splitLines } from "./formats/split-lines.ts";
import { textChunks } from "./formats/text-chunks.ts";
import { createModelGuess, unknownOperations } from "./models/model-guess.ts";
import { modelByName } from "./models/index.ts";

/** Where the parts of a history wait until they are checked. */
export interface Spill {
  readonly partCount: number;
  /** How much of a part can be held, bytes. */
  readonly partBytesMax: number;
  write(part: number, line: string): void;
  /** What was written to a part, line by line. */
  read(part: number): AsyncIterable<Uint8Array>;
}

/**
 * Checks a history that is too large to be held, with the same verdict. Linearizability is local (Herlihy and Wing
 * 1990), so the operations are dealt out by their keys in one pass, and each part is checked by itself.
 *
 * The operations of each process must come in the order of their calls, and those of one key must fit.
 *
 * @param file its name, for the problems
 */
export async function checkLarge(
  bytes: AsyncIterable<Uint8Array>,
  file: string,
  options: CheckBytesOptions,
  spill: Spill,
): Promise<Loaded<CheckedHistory>> {
  try {
    const text = textChunks(bytes, Number.POSITIVE_INFINITY);
    const { chosen, text: whole } = await openHistory(text, options.format ?? null);
    const dealt = await deal(chosen, whole, spill);
    const model =
      options.model ?? (chosen.model === undefined ? undefined : modelByName(chosen.model)) ?? dealt.model;
    if (model === null) throw unknownOperations(dealt.firstLine, dealt.names);
    const dialect = { ...chosen.dialect, ...options.dialect };
    const clockSkewMs = options.clockSkewMs ?? dealt.clockSkewMs;
    const reports: PartReport[] = [];
    for (let part = 0; part < spill.partCount; part++) {
      const operations = await readPart(spill, part, dealt.isKeyed);
      if (operations.length === 0) continue;
      const report = checkHistory({ operations }, { ...options, model, dialect, clockSkewMs });
      reports.push({ report, firstOf: firstCalls(operations) });
    }
    return {
      ok: true,
      value: {
        report: merged(reports),
        format: chosen.name,
        isFormatGuessed: options.format === undefined,
        model: model.name,
        isModelGuessed: options.model === undefined,
      },
    };
  } catch (error) {
    if (!(error instanceof HistoryProblem)) throw error;
    const { line, column, message } = error;
    return failed([{ file, position: line === 0 ? null : { line, column }, path: "", message }]);
  }
}

/** Deals the operations out, and finds out what takes knowing all of them. */
async function deal(format: HistoryFormat, text: AsyncIterable<string>, spill: Spill) {
  const sizes = Array.from({ length: spill.partCount }, () => 0);
  const guess = createModelGuess();
  const refuseOverlap = createOverlapCheck();
  let clockSkewMs: number | undefined;
  let firstLine = 0;
  let isLackingKeys = false;
  let isPaired = true;
  let hasReads = false;
  for await (const item of format.stream(text)) {
    if ("clockSkewMs" in item) {
      ({ clockSkewMs } = item);
      continue;
    }
    const { key, input, f, line } = item;
    if (firstLine === 0) firstLine = line;
    if (format.name === "jsonl") refuseOverlap(item);
    const isPairOfKey = key === null && format.name !== "jsonl" && isPair(input);
    if (key === null) isLackingKeys = true;
    if (!isPairOfKey) isPaired = false;
    if (f === "read") hasReads = true;
    guess.note(item);
    const part = partOf(isPairOfKey ? keyText(input[0]) : key, spill.partCount);
    const written = JSON.stringify(item, endlessAsNull);
    sizes[part] = (sizes[part] ?? 0) + written.length;
    if ((sizes[part] ?? 0) > spill.partBytesMax) throw new HistoryProblem(line, tooLarge(key, spill));
    spill.write(part, written);
  }
  if (firstLine === 0) throw new HistoryProblem(1, "there is no operation in it");
  const isKeyed = isPaired && hasReads;
  // Operations that turned out to be about one thing were dealt out all the same.
  if (isLackingKeys && !isKeyed && sizes.filter((size) => size > 0).length > 1) {
    throw new HistoryProblem(firstLine, tooLarge(null, spill));
  }
  return { clockSkewMs, firstLine, isKeyed, model: guess.model(), names: guess.names() };
}

function tooLarge(key: string | null, { partBytesMax }: Spill): string {
  const what =
    key === null ? "its operations are all about one thing" : `the operations on ${JSON.stringify(key)}`;
  return `${what}, or on few keys: more than ${Math.floor(partBytesMax / 1_048_576)} MiB of them cannot be checked at once`;
}

/** FNV-1a of the key's characters. */
function partOf(key: string | null, partCount: number): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < (key ?? "").length; at++) {
    hash = Math.imul(hash ^ (key ?? "").charCodeAt(at), 0x01000193);
  }
  return (hash >>> 0) % partCount;
}

function endlessAsNull(_name: string, value: unknown): unknown {
  return value === Number.POSITIVE_INFINITY ? null : value;
}

type Written = Omit<RecordedOperation, "returnAt" | "returnUs"> & {
  readonly returnAt: number | null;
  readonly returnUs?: number | null;
};

/** In the order of their calls. */
async function readPart(spill: Spill, part: number, isKeyed: boolean): Promise<RecordedOperation[]> {
  const operations: RecordedOperation[] = [];
  const text = textChunks(spill.read(part), Number.POSITIVE_INFINITY);
  for await (const { text: line } of splitLines(text, Number.POSITIVE_INFINITY)) {
    const { returnAt, returnUs, ...rest } = JSON.parse(line) as Written;
    const operation: RecordedOperation = {
      ...rest,
      returnAt: returnAt ?? Number.POSITIVE_INFINITY,
      ...(returnUs !== undefined && { returnUs: returnUs ?? Number.POSITIVE_INFINITY }),
    };
    operations.push(isKeyed ? keyedOperation(operation) : operation);
  }
  // Events are placed by their lines, operations that have a line each by their times.
  const hasPlaces = operations.some(({ callAt, returnAt }) => callAt !== 0 || returnAt !== 0);
  return hasPlaces ? operations.sort((a, b) => a.callAt - b.callAt) : placeByTime(operations);
}

interface PartReport {
  readonly report: HistoryReport;
  readonly firstOf: ReadonlyMap<string | null, RecordedOperation>;
}

function firstCalls(operations: readonly RecordedOperation[]): Map<string | null, RecordedOperation> {
  const first = new Map<string | null, RecordedOperation>();
  for (const operation of operations) if (!first.has(operation.key)) first.set(operation.key, operation);
  return first;
}

/** As one check of all would say it: violations first, keys in the order of their first operations. */
function merged(parts: readonly PartReport[]): HistoryReport {
  const sum = (of: (report: HistoryReport) => number): number =>
    parts.reduce((total, { report }) => total + of(report), 0);
  const found = parts.flatMap(({ report, firstOf }) =>
    report.findings.map((finding) => ({ finding, first: firstOf.get(finding.key) })),
  );
  const isUnknown = ({ verdict }: HistoryFinding): number => Number(verdict === "unknown");
  found.sort(
    (a, b) =>
      isUnknown(a.finding) - isUnknown(b.finding) ||
      (a.first?.callUs ?? 0) - (b.first?.callUs ?? 0) ||
      (a.first?.line ?? 0) - (b.first?.line ?? 0),
  );
  const findings = found.map(({ finding }) => finding);
  return {
    verdict: findings[0]?.verdict ?? "linearizable",
    operationCount: sum(({ operationCount }) => operationCount),
    keyCount: sum(({ keyCount }) => keyCount),
    zoneKeys: sum(({ zoneKeys }) => zoneKeys),
    searchedKeys: sum(({ searchedKeys }) => searchedKeys),
    steps: sum(({ steps }) => steps),
    findings,
  };
}
