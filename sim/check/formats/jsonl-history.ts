import { z } from "zod";
import { excerpt, HistoryProblem } from "./history-problem.ts";
import type { Data, RecordedHistory, RecordedOperation } from "./recorded-history.ts";
import type { Piece } from "./split-lines.ts";
import { placeByTime } from "./place-by-time.ts";

/**
 * Our own form: JSON Lines, one operation a line with its call and its return in microseconds, `null` for a return
 * that never came, in any order. A first line with the name of the form may say how far clocks were apart.
 */

export const HISTORY_FORMAT = "cache-sim/history";
export const HISTORY_VERSION = 1;

const headerSchema = z.strictObject({
  format: z.literal(HISTORY_FORMAT),
  version: z.literal(HISTORY_VERSION),
  clockSkewMs: z.number().nonnegative().optional(),
});

const timeUs = z.number().nonnegative();

const operationSchema = z.strictObject({
  process: z.union([z.string(), z.number().int()]),
  f: z.string().min(1),
  key: z.string().nullable().optional(),
  input: z.unknown().optional(),
  output: z.unknown().optional(),
  isAbsent: z.boolean().optional(),
  result: z.enum(["ok", "fail", "indeterminate"]),
  callUs: timeUs,
  returnUs: timeUs.nullable(),
  ttlMs: z.number().nonnegative().optional(),
});

export type JsonOperation = z.input<typeof operationSchema>;

/** An operation of a history, or what its header says. */
export type HistoryItem = RecordedOperation | { readonly clockSkewMs: number };

export async function readJsonl(lines: AsyncIterable<Piece>): Promise<RecordedHistory> {
  const operations: RecordedOperation[] = [];
  let clockSkewMs: number | null = null;
  for await (const item of jsonlItems(lines)) {
    if ("clockSkewMs" in item) ({ clockSkewMs } = item);
    else operations.push(item);
  }
  const placed = placeByTime(operations);
  refuseOverlaps(placed);
  return { operations: placed, ...(clockSkewMs !== null && { clockSkewMs }) };
}

/** The operations as they come, without their places. */
export async function* jsonlItems(lines: AsyncIterable<Piece>): AsyncGenerator<HistoryItem> {
  /** One text for many equal ones. */
  const texts = new Map<string, string>();
  const same = (text: string): string => {
    const known = texts.get(text);
    if (known !== undefined) return known;
    texts.set(text, text);
    return text;
  };
  let isFirst = true;
  for await (const piece of lines) {
    const value = parseLine(piece);
    if (isFirst && typeof value === "object" && value !== null && "format" in value) {
      const { clockSkewMs } = parseAs(headerSchema, value, piece.line);
      if (clockSkewMs !== undefined) yield { clockSkewMs };
    } else {
      const operation = readOperation(parseAs(operationSchema, value, piece.line), piece.line);
      yield { ...operation, process: same(operation.process), f: same(operation.f) };
    }
    isFirst = false;
  }
}

/** A process does one thing at a time; only after what it has given up on, it goes on. */
function refuseOverlaps(placed: readonly RecordedOperation[]): void {
  const refuse = createOverlapCheck();
  for (const operation of placed) refuse(operation);
}

/** To be given the operations of each process in the order of their calls. */
export function createOverlapCheck(): (operation: RecordedOperation) => void {
  const lastOf = new Map<string, RecordedOperation>();
  return (operation) => {
    const { process, f, callUs = 0, line } = operation;
    const last = lastOf.get(process);
    if (last !== undefined && callUs < (last.callUs ?? 0)) {
      throw new HistoryProblem(
        line,
        `process ${process} calls ${f} at ${callUs}, before its ${last.f} of line ${last.line}: in a history of this ` +
          "size the operations of each process must be in the order of their calls, so sort them",
      );
    }
    if (last !== undefined && last.result !== "indeterminate" && callUs < (last.returnUs ?? 0)) {
      throw new HistoryProblem(
        line,
        `process ${process} calls ${f} at ${callUs}, but its ${last.f} of line ${last.line} returns at ${last.returnUs}`,
      );
    }
    lastOf.set(process, operation);
  };
}

function readOperation(
  {
    process,
    f,
    key,
    input,
    output,
    isAbsent,
    result,
    callUs,
    returnUs,
    ttlMs,
  }: z.infer<typeof operationSchema>,
  line: number,
): RecordedOperation {
  if (returnUs !== null && returnUs < callUs) {
    throw new HistoryProblem(line, `returns at ${returnUs}, before its call at ${callUs}`);
  }
  if (returnUs === null && result !== "indeterminate") {
    throw new HistoryProblem(line, `"result": ${excerpt(result)} needs a return: returnUs is null`);
  }
  return {
    line,
    process: String(process),
    f,
    key: key ?? null,
    input: toData(input, line),
    output: result === "ok" ? toData(output, line) : null,
    result,
    // Places are given when all times are known.
    callAt: 0,
    returnAt: 0,
    callUs,
    returnUs: returnUs ?? Number.POSITIVE_INFINITY,
    ...(isAbsent === true && { isAbsent }),
    ...(ttlMs !== undefined && { ttlMs }),
  };
}

const dataSchema: z.ZodType<Data> = z.lazy(() =>
  z.union([
    z.null(),
    z.boolean(),
    z.number(),
    z.string(),
    z.array(dataSchema),
    z.record(z.string(), dataSchema),
  ]),
);

function toData(value: unknown, line: number): Data {
  if (value === undefined || value === null) return null;
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  return parseAs(dataSchema, value, line);
}

/** JSON.parse would round it, and two values that differ would be one. */
function refuseInexact({ text, line }: Piece): void {
  if (!/\d{16}/.test(text)) return;
  const numbers = text.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""').match(/-?\d[\d.eE+-]*/g) ?? [];
  const inexact = numbers.find((number) => /^-?\d+$/.test(number) && !Number.isSafeInteger(Number(number)));
  if (inexact !== undefined) {
    throw new HistoryProblem(
      line,
      `${inexact} is beyond the whole numbers that are exact: write it as a text`,
    );
  }
}

function parseLine(piece: Piece): unknown {
  const { text, line, isUnended } = piece;
  refuseInexact(piece);
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    const why = isUnended ? "cut off" : "not valid JSON";
    throw new HistoryProblem(line, `${why}: ${excerpt(text)} (${(error as SyntaxError).message})`);
  }
}

function parseAs<T>(schema: z.ZodType<T>, value: unknown, line: number): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const place = issue === undefined || issue.path.length === 0 ? "" : `${issue.path.join(".")}: `;
  throw new HistoryProblem(line, `${place}${issue?.message ?? "not an operation"}`);
}
