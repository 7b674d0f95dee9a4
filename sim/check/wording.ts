import type { Operation } from "../run/history.ts";
import type { RegisterOperation } from "./register/register-operation.ts";

/** How the checks name times, values and operations in their sentences. */

const QUOTED_LENGTH_MAX = 40;
const SECONDS_FROM_US = 10_000_000;

/** "12.5 ms", from ten seconds on "12.5 s". */
export function time(us: number): string {
  if (us === Number.POSITIVE_INFINITY) return "never";
  return us < SECONDS_FROM_US ? `${us / 1000} ms` : `${us / 1_000_000} s`;
}

/** A key or a value in quotes, cut when it is long. */
export function quoted(text: string): string {
  if (text.length <= QUOTED_LENGTH_MAX) return JSON.stringify(text);
  return `${JSON.stringify(text.slice(0, QUOTED_LENGTH_MAX))}... (${text.length} characters)`;
}

/** "set c1#2", the short name of an operation, by what its client asked for. */
export function named({ kind, id, f, asked }: RegisterOperation): string {
  return `${f ?? asked?.kind ?? kind} ${id}`;
}

/** "get c1#2 on n3 (10 ms to 12.5 ms)". */
export function placed(operation: Operation): string {
  const end =
    operation.returnUs === Number.POSITIVE_INFINITY ? "still open" : `to ${time(operation.returnUs)}`;
  return `${named(operation)} on ${operation.machine} (${time(operation.callUs)} ${end})`;
}

/** "1 operation", "2 operations". */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** "n1, n2 and n3". */
export function listed(items: readonly string[]): string {
  if (items.length <= 1) return items.join("");
  return `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;
}
