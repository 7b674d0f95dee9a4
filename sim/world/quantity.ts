import { z } from "zod";
import {
  COUNT_MAX,
  type Input,
  type Parsed,
  parseCount,
  parseDuration,
  parseExactDuration,
  parseFactor,
  parseShare,
  rangeOf,
} from "./quantity-text.ts";

/**
 * Quantities in files, as schemas. A problem is a custom issue whose message starts with "expected", with a
 * `suggestion` among its params when it is plain what was meant.
 */

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
