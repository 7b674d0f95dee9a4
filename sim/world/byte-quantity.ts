import { quantity, rangePattern } from "./quantity.ts";
import { type Input, type Parsed, rangeOf } from "./quantity-text.ts";

/**
 * Amounts of bytes and bytes per second as a scenario writes them: `64KB`, `1MB/s`, `10KB/s..100KB/s`. A kilobyte
 * is a thousand bytes, a kibibyte (`KiB`) is 1024.
 */

const BYTES_PER_UNIT: Readonly<Record<string, number>> = {
  B: 1,
  KB: 1000,
  MB: 1_000_000,
  GB: 1_000_000_000,
  KiB: 1024,
  MiB: 1_048_576,
  GiB: 1_073_741_824,
};

export const BYTES_MAX = 1_000_000_000_000;

/** What people write for a unit, in lower case, and what they mean. */
const UNIT_MEANT = new Map([
  ...Object.keys(BYTES_PER_UNIT).map((unit) => [unit.toLowerCase(), unit] as const),
  ["", "B"],
  ["byte", "B"],
  ["bytes", "B"],
  ["k", "KB"],
  ["m", "MB"],
  ["g", "GB"],
] as const);

const BITS_PER_UNIT: Readonly<Record<string, number>> = { "": 1, k: 1000, m: 1_000_000, g: 1_000_000_000 };

const SIZE = "bytes with their unit (B, KB, MB, GB, KiB, MiB, GiB), such as 64KB";
const BANDWIDTH = "bytes per second with their unit (B/s, KB/s, MB/s, GB/s), such as 1MB/s";

/** A number, a unit, and whatever stands for "per second". */
function partsOf(input: Input): { digits: string; unit: string; per: string } | null {
  const match = /^(\d+(?:\.\d+)?)\s*([a-zA-Z]*?)(\/s|\/sec|ps)?$/.exec(String(input).trim());
  if (match === null) return null;
  const [, digits = "", unit = "", per = ""] = match;
  return { digits, unit, per };
}

function parseSize(input: Input): Parsed<number> {
  const parts = partsOf(input);
  if (parts === null || parts.per !== "") return { expected: SIZE };
  const { digits, unit } = parts;
  if (Object.hasOwn(BYTES_PER_UNIT, unit))
    return within(Number(digits) * (BYTES_PER_UNIT[unit] as number), 0);
  const meant = UNIT_MEANT.get(unit.toLowerCase());
  return meant === undefined ? { expected: SIZE } : { expected: SIZE, suggestion: `${digits}${meant}` };
}

function parseBandwidth(input: Input): Parsed<number> {
  const parts = partsOf(input);
  if (parts === null) return { expected: BANDWIDTH };
  const { digits, unit, per } = parts;
  if (per === "/s" && Object.hasOwn(BYTES_PER_UNIT, unit)) {
    return within(Number(digits) * (BYTES_PER_UNIT[unit] as number), 1);
  }
  const bits = /^([kmg]?)(?:bit|bits)$/i.exec(unit) ?? (per === "ps" ? /^([kmg]?)b$/i.exec(unit) : null);
  if (bits !== null) {
    const bytes = (Number(digits) * (BITS_PER_UNIT[(bits[1] ?? "").toLowerCase()] as number)) / 8;
    return { expected: BANDWIDTH, suggestion: `${bytesText(bytes)}/s` };
  }
  const meant = UNIT_MEANT.get(unit.toLowerCase());
  return meant === undefined
    ? { expected: BANDWIDTH }
    : { expected: BANDWIDTH, suggestion: `${digits}${meant}/s` };
}

function within(bytes: number, least: number): Parsed<number> {
  if (bytes < least) return { expected: `at least ${least}B` };
  return bytes > BYTES_MAX ? { expected: "at most 1000GB" } : { value: Math.round(bytes) };
}

/** Bytes as a scenario would write them: 64000 is "64KB". */
export function bytesText(bytes: number): string {
  if (bytes >= 1_000_000_000) return `${bytes / 1_000_000_000}GB`;
  if (bytes >= 1_000_000) return `${bytes / 1_000_000}MB`;
  return bytes >= 1000 ? `${bytes / 1000}KB` : `${bytes}B`;
}

const SIZE_PATTERN = "\\d+(\\.\\d+)?\\s*([KMG]i?)?B";
const BANDWIDTH_PATTERN = `${SIZE_PATTERN}/s`;

/** Bytes, from `64KB`. */
export const size = quantity(parseSize, {
  type: "string",
  pattern: `^\\s*${SIZE_PATTERN}\\s*$`,
  examples: ["64KB"],
});

export const sizeRange = quantity(rangeOf(parseSize, "16KB..64KB"), {
  type: "string",
  pattern: rangePattern(SIZE_PATTERN),
  examples: ["16KB..64KB"],
});

/** Bytes per second, from `1MB/s`. */
export const bandwidth = quantity(parseBandwidth, {
  type: "string",
  pattern: `^\\s*${BANDWIDTH_PATTERN}\\s*$`,
  examples: ["1MB/s"],
});

export const bandwidthRange = quantity(rangeOf(parseBandwidth, "10KB/s..100KB/s"), {
  type: "string",
  pattern: rangePattern(BANDWIDTH_PATTERN),
  examples: ["10KB/s..100KB/s"],
});
