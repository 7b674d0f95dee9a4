import { z } from "zod";

/**
 * Quantities as a scenario writes them: `20ms`, `1.5s`, `500ms..3s`, `10%`, `0.1..0.3`, `2..5`.
 * A duration always has its unit; a range has its smaller end first.
 */

export interface Range {
  readonly min: number;
  readonly max: number;
}

const MS_PER_UNIT: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
const DURATION_MS_MAX = 2_592_000_000;

type Parsed = { readonly value: number } | { readonly problem: string };

function parseDuration(text: string): Parsed {
  const match = /^(\d+(?:\.\d+)?)\s*([a-zA-Zµ]*)$/.exec(text.trim());
  const example = "a duration with its unit (us, ms, s, m, h), such as 20ms or 1.5s";
  if (match === null) return { problem: `expected ${example}` };
  const unit = match[2] as string;
  const factor = Object.hasOwn(MS_PER_UNIT, unit) ? MS_PER_UNIT[unit] : undefined;
  if (unit === "") return { problem: `has no unit: expected ${example}` };
  if (factor === undefined) return { problem: `unknown unit "${unit}": expected ${example}` };
  const ms = Number(match[1]) * factor;
  if (ms > DURATION_MS_MAX) return { problem: "longer than 30 days" };
  return { value: Math.round(ms * 1000) / 1000 };
}

function parseShare(text: string): Parsed {
  const match = /^(\d+(?:\.\d+)?)\s*(%?)$/.exec(text.trim());
  if (match === null) return { problem: "expected a probability, such as 0.05 or 5%" };
  const share = Number(match[1]) / (match[2] === "%" ? 100 : 1);
  if (share > 1) return { problem: "a probability is at most 1 (or 100%)" };
  return { value: share };
}

function parseCount(text: string): Parsed {
  if (!/^\d{1,9}$/.test(text.trim())) return { problem: "expected a whole number" };
  return { value: Number(text.trim()) };
}

function single(parse: (text: string) => Parsed) {
  return z.union([z.string(), z.number()]).transform((input, ctx): number => {
    const parsed = parse(String(input));
    if ("value" in parsed) return parsed.value;
    ctx.addIssue({ code: "custom", message: parsed.problem });
    return z.NEVER;
  });
}

function range(parse: (text: string) => Parsed) {
  return z.union([z.string(), z.number()]).transform((input, ctx): Range => {
    const ends = String(input).split("..");
    const [first, second] = ends;
    if (first === undefined || ends.length > 2) {
      ctx.addIssue({ code: "custom", message: "expected one quantity or a range such as 1..3" });
      return z.NEVER;
    }
    const min = parse(first);
    const max = second === undefined ? min : parse(second);
    if ("problem" in min || "problem" in max) {
      ctx.addIssue({
        code: "custom",
        message: "problem" in min ? min.problem : (max as { problem: string }).problem,
      });
      return z.NEVER;
    }
    if (min.value > max.value) {
      ctx.addIssue({
        code: "custom",
        message: `the range is upside down: ${first.trim()} is more than ${second?.trim()}`,
      });
      return z.NEVER;
    }
    return { min: min.value, max: max.value };
  });
}

/** Milliseconds, from `20ms`. */
export const duration = single(parseDuration);
/** Milliseconds, from `20ms` or `20ms..1s`. */
export const durationRange = range(parseDuration);
/** 0 to 1, from `0.05` or `5%`. */
export const share = single(parseShare);
export const shareRange = range(parseShare);
export const count = single(parseCount);
export const countRange = range(parseCount);

/** A factor of one or more, from `10` or `10..50`. */
export const factorRange = range((text) => {
  const value = Number(text.trim());
  return Number.isFinite(value) && value >= 1 && value <= 1000
    ? { value }
    : { problem: "expected a factor from 1 to 1000" };
});
