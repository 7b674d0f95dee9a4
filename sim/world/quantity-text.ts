/**
 * Quantities as a scenario writes them: `20ms`, `1.5s`, `500ms..3s`, `10%`, `0.1..0.3`, `2..5`.
 * A duration always has its unit; a range has its smaller end first; nothing is negative.
 *
 * What is no such text gives what was expected instead, and what was meant when that is plain.
 */

export interface Range {
  readonly min: number;
  readonly max: number;
}

/** The longest time that a scenario or a plan may name: 30 days. */
export const DURATION_MS_MAX = 2_592_000_000;

/** The kernel counts whole microseconds; plans show milliseconds, with three decimals at most. */
export function wholeMicros(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}

const MS_PER_UNIT: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** A duration as a scenario would write it: 1500 is "1.5s". */
export function durationText(ms: number): string {
  if (ms === 0) return "0ms";
  if (ms < 1) return `${Math.round(ms * 1000)}us`;
  return ms < 1000 ? `${ms}ms` : `${ms / 1000}s`;
}

/** What people write for a unit, and what they mean. */
const UNIT_MEANT: Readonly<Record<string, string>> = {
  µs: "us",
  usec: "us",
  micros: "us",
  msec: "ms",
  msecs: "ms",
  millis: "ms",
  sec: "s",
  secs: "s",
  second: "s",
  seconds: "s",
  min: "m",
  mins: "m",
  minute: "m",
  minutes: "m",
  hr: "h",
  hour: "h",
  hours: "h",
};

export type Parsed<T> = { readonly value: T } | { readonly expected: string; readonly suggestion?: string };
export type Input = string | number;

const DURATION = "a duration with its unit (us, ms, s, m, h), such as 20ms or 1.5s";

/** With all its decimals. */
export function parseExactDuration(input: Input): Parsed<number> {
  const match = /^(\d+(?:\.\d+)?)\s*([a-zA-Zµ]*)$/.exec(String(input).trim());
  if (match === null) return { expected: DURATION };
  const [, digits, unit] = match as unknown as [string, string, string];
  if (!Object.hasOwn(MS_PER_UNIT, unit)) {
    const lower = unit.toLowerCase();
    const meant = Object.hasOwn(MS_PER_UNIT, lower) ? lower : unit === "" ? "ms" : own(UNIT_MEANT, lower);
    return meant === undefined
      ? { expected: DURATION }
      : { expected: DURATION, suggestion: `${digits}${meant}` };
  }
  const ms = Number(digits) * (MS_PER_UNIT[unit] as number);
  if (ms > DURATION_MS_MAX) return { expected: "at most 30 days" };
  return { value: Number(ms.toPrecision(15)) };
}

export function parseDuration(input: Input): Parsed<number> {
  const parsed = parseExactDuration(input);
  return "value" in parsed ? { value: wholeMicros(parsed.value) } : parsed;
}

const SHARE = "a probability from 0 to 1, such as 0.05 or 5%";

export function parseShare(input: Input): Parsed<number> {
  if (typeof input === "number") {
    if (input >= 0 && input <= 1) return { value: input };
    return input > 1 && input <= 100 ? { expected: SHARE, suggestion: `${input}%` } : { expected: SHARE };
  }
  const match = /^(\d+(?:\.\d+)?)\s*(%?)$/.exec(input.trim());
  if (match === null) return { expected: SHARE };
  const number = Number(match[1]);
  return match[2] === "%" && number <= 100 ? { value: number / 100 } : parseShare(number);
}

export const COUNT_MAX = 1_000_000;

export function parseCount(input: Input): Parsed<number> {
  if (!/^\d+$/.test(String(input).trim())) return { expected: "a whole number, zero or more" };
  const value = Number(input);
  return value > COUNT_MAX ? { expected: `at most ${COUNT_MAX}` } : { value };
}

export function parseFactor(input: Input): Parsed<number> {
  const value = /^\d+(\.\d+)?$/.test(String(input).trim()) ? Number(input) : Number.NaN;
  return value >= 1 && value <= 1000 ? { value } : { expected: "a factor from 1 to 1000" };
}

/** A range, or one quantity as both of its ends. */
export function rangeOf(parse: (input: Input) => Parsed<number>, example: string) {
  return (input: Input): Parsed<Range> => {
    const ends = typeof input === "string" ? input.split("..").map((end) => end.trim()) : [input];
    const [first, second = first] = ends;
    if (first === undefined || second === undefined || ends.length > 2) {
      return { expected: `one quantity or a range such as ${example}` };
    }
    const min = parse(first);
    const max = parse(second);
    if ("expected" in min || "expected" in max) {
      const { expected } = ("expected" in min ? min : max) as { expected: string };
      const meant = [meantBy(first, min, second, max), meantBy(second, max, first, min)].slice(
        0,
        ends.length,
      );
      return meant.includes(undefined) ? { expected } : { expected, suggestion: meant.join("..") };
    }
    if (min.value > max.value) {
      return { expected: "a range with its smaller end first", suggestion: `${second}..${first}` };
    }
    return { value: { min: min.value, max: max.value } };
  };
}

/** One end of a range as it should have been; `500..800ms` most likely means milliseconds at both ends. */
function meantBy(
  end: Input,
  parsed: Parsed<number>,
  other: Input,
  parsedOther: Parsed<number>,
): string | undefined {
  if ("value" in parsed) return String(end);
  const unit = "value" in parsedOther ? /[a-zA-Z][a-zA-Z/]*$/.exec(String(other))?.[0] : undefined;
  const isBare = /^\d+(\.\d+)?$/.test(String(end));
  return isBare && unit !== undefined && parsed.suggestion !== undefined
    ? `${end}${unit}`
    : parsed.suggestion;
}

function own(record: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
