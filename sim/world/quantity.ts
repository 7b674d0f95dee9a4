import { z } from "zod";

/**
 * Quantities as a scenario writes them: `20ms`, `1.5s`, `500ms..3s`, `10%`, `0.1..0.3`, `2..5`.
 * A duration always has its unit; a range has its smaller end first; nothing is negative.
 *
 * A problem is a custom issue whose message starts with "expected", with a `suggestion` among its params when
 * it is plain what was meant.
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
function parseExactDuration(input: Input): Parsed<number> {
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

function parseDuration(input: Input): Parsed<number> {
  const parsed = parseExactDuration(input);
  return "value" in parsed ? { value: wholeMicros(parsed.value) } : parsed;
}

const SHARE = "a probability from 0 to 1, such as 0.05 or 5%";

function parseShare(input: Input): Parsed<number> {
  if (typeof input === "number") {
    if (input >= 0 && input <= 1) return { value: input };
    return input > 1 && input <= 100 ? { expected: SHARE, suggestion: `${input}%` } : { expected: SHARE };
  }
  const match = /^(\d+(?:\.\d+)?)\s*(%?)$/.exec(input.trim());
  if (match === null) return { expected: SHARE };
  const number = Number(match[1]);
  return match[2] === "%" && number <= 100 ? { value: number / 100 } : parseShare(number);
}

const COUNT_MAX = 1_000_000;

function parseCount(input: Input): Parsed<number> {
  if (!/^\d+$/.test(String(input).trim())) return { expected: "a whole number, zero or more" };
  const value = Number(input);
  return value > COUNT_MAX ? { expected: `at most ${COUNT_MAX}` } : { value };
}

function parseFactor(input: Input): Parsed<number> {
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

/** @param jsonSchema how editors are told of the quantity */
export function quantity<T>(parse: (input: Input) => Parsed<T>, jsonSchema: Record<string, unknown>) {
  return z
    .unknown()
    .meta(jsonSchema)
    .transform((input, ctx): T => {
      // A text of no quantity lets the parser say what it expects instead of a list or a mapping.
      const parsed = parse(typeof input === "string" || typeof input === "number" ? input : "");
      if ("value" in parsed) return parsed.value;
      const { expected, suggestion } = parsed;
      ctx.addIssue({
        code: "custom",
        message: `expected ${expected}`,
        ...(suggestion === undefined ? {} : { params: { suggestion } }),
      });
      return z.NEVER;
    });
}

const DURATION_PATTERN = "\\d+(\\.\\d+)?\\s*(us|ms|s|m|h)";
const SHARE_PATTERN = "\\d+(\\.\\d+)?\\s*%?";
const DECIMAL_PATTERN = "\\d+(\\.\\d+)?";

export function rangePattern(end: string): string {
  return `^\\s*${end}(\\s*\\.\\.\\s*${end})?\\s*$`;
}

/** Milliseconds, from `20ms`. */
export const duration = quantity(parseDuration, {
  type: "string",
  pattern: `^\\s*${DURATION_PATTERN}\\s*$`,
  examples: ["20ms", "1.5s"],
});

/** Milliseconds that are no time at which anything happens, such as a mean: not rounded to microseconds. */
export const exactDuration = quantity(parseExactDuration, {
  type: "string",
  pattern: `^\\s*${DURATION_PATTERN}\\s*$`,
  examples: ["20ms", "602.4096us"],
});

/** Milliseconds, from `20ms` or `20ms..1s`. */
export const durationRange = quantity(rangeOf(parseDuration, "200ms..3s"), {
  type: "string",
  pattern: rangePattern(DURATION_PATTERN),
  examples: ["200ms..3s"],
});

/** 0 to 1, from `0.05` or `5%`. */
export const share = quantity(parseShare, {
  type: ["number", "string"],
  minimum: 0,
  maximum: 1,
  pattern: `^\\s*${SHARE_PATTERN}\\s*$`,
  examples: ["5%", 0.05],
});

export const shareRange = quantity(rangeOf(parseShare, "5%..20%"), {
  type: ["number", "string"],
  minimum: 0,
  maximum: 1,
  pattern: rangePattern(SHARE_PATTERN),
  examples: ["5%..20%"],
});

/** A whole number, zero or more. */
export const count = quantity(parseCount, { type: "integer", minimum: 0, maximum: COUNT_MAX });

export const countRange = quantity(rangeOf(parseCount, "2..5"), {
  type: ["integer", "string"],
  minimum: 0,
  maximum: COUNT_MAX,
  pattern: rangePattern("\\d+"),
  examples: ["2..5"],
});

/** A factor of one or more, from `10` or `10..50`. */
export const factorRange = quantity(rangeOf(parseFactor, "10..50"), {
  type: ["number", "string"],
  minimum: 1,
  maximum: 1000,
  pattern: rangePattern(DECIMAL_PATTERN),
  examples: ["10..50"],
});
