import { excerpt, HistoryProblem } from "./history-problem.ts";
import { type HistoryEvent, isEventType } from "./history-event.ts";
import { parseEdn } from "./parse-edn.ts";
import type { Piece } from "./split-lines.ts";

const EVENT =
  /^\s*(?:INFO|WARN|DEBUG)?\s*jepsen\.util - (?<process>\S+)\s+:(?<type>\w+)\s+:(?<f>[\w-]+)\s*(?<value>.*)$/;

/**
 * One line of Jepsen's log: `INFO  jepsen.util - 3<tab>:ok<tab>:cas<tab>[1 2]`.
 *
 * @returns null for what is no client's doing: the nemesis, and lines of other parts of Jepsen
 */
export function jepsenLogEvent({ text, line, isUnended }: Piece): HistoryEvent | null {
  const groups = EVENT.exec(text)?.groups;
  if (groups === undefined) {
    if (isUnended) throw new HistoryProblem(line, `cut off: ${excerpt(text)}`);
    if (/^\s*(?:INFO|WARN|DEBUG)\s+(?!jepsen\.util - \d)/.test(text)) return null;
    throw new HistoryProblem(
      line,
      `expected a line of Jepsen's log, as in INFO  jepsen.util - 0 :invoke :read nil, got ${excerpt(text)}`,
    );
  }
  const { process = "", type, f = "", value = "" } = groups;
  if (process === ":nemesis") return null;
  if (!/^\d+$/.test(process)) throw new HistoryProblem(line, `not a process: ${excerpt(process)}`);
  if (!isEventType(type)) {
    throw new HistoryProblem(line, `expected :invoke, :ok, :fail or :info, got ${excerpt(`:${type}`)}`);
  }
  if (value === "" && isUnended) throw new HistoryProblem(line, `cut off: ${excerpt(text)}`);
  return { process, type, f, key: null, value: value === "" ? null : parseEdn(value, line) };
}
