import { excerpt, HistoryProblem } from "./history-problem.ts";
import { type HistoryEvent, isEventType } from "./history-event.ts";
import { parseEdn } from "./parse-edn.ts";
import type { Data } from "./recorded-history.ts";
import type { Piece } from "./split-lines.ts";

/**
 * One event as Jepsen, Knossos and Porcupine write it: `{:process 0, :type :invoke, :f :write, :value 3}`, with `:key`
 * where there are several, `:time` in nanoseconds, and two names of our own: `:ttl-ms`, and `:found false` for a read
 * that found nothing. Other names are left alone.
 *
 * @returns null for what is no client's doing, such as Jepsen's nemesis
 */
export function ednEvent({ text, line }: Piece): HistoryEvent | null {
  const map = parseEdn(text, line);
  if (map === null || typeof map !== "object" || Array.isArray(map)) {
    throw new HistoryProblem(line, `expected a map, got ${excerpt(text)}`);
  }
  const field = (name: string): Data =>
    Object.hasOwn(map, name) ? ((map as Record<string, Data>)[name] ?? null) : null;

  const process = field("process");
  if (typeof process === "string") return null;
  if (typeof process !== "number") throw new HistoryProblem(line, "no :process, the number of who called");
  const type = field("type");
  if (!isEventType(type)) {
    throw new HistoryProblem(
      line,
      `:type must be :invoke, :ok, :fail or :info, got ${excerpt(JSON.stringify(type))}`,
    );
  }
  const f = field("f");
  if (typeof f !== "string") throw new HistoryProblem(line, "no :f, the name of what was called");
  const key = field("key");
  const timeUs = numberOf("time", field("time"), line);
  const ttlMs = numberOf("ttl-ms", field("ttl-ms"), line);
  return {
    process: String(process),
    type,
    f,
    key: key === null ? null : keyText(key),
    value: field("value"),
    ...(timeUs !== undefined && { timeUs: timeUs / 1000 }),
    ...(ttlMs !== undefined && { ttlMs }),
    ...(field("found") === false && { isAbsent: true }),
  };
}

/** A key as a text; texts stay as they are. */
export function keyText(key: Data): string {
  return typeof key === "string" ? key : JSON.stringify(key);
}

function numberOf(name: string, value: Data, line: number): number | undefined {
  if (value === null) return undefined;
  if (typeof value === "number" && value >= 0) return value;
  throw new HistoryProblem(
    line,
    `:${name} must be a number, not negative, got ${excerpt(JSON.stringify(value))}`,
  );
}
