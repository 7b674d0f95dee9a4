import { describe, expect, test } from "vitest";
import type { z } from "zod";
import { bandwidth, bandwidthRange, bytesText, size, sizeRange } from "../../../sim/world/byte-quantity.ts";

function problemOf(schema: z.ZodType, input: unknown): { message: string; suggestion: unknown } {
  const issue = schema.safeParse(input).error?.issues[0];
  if (issue?.code !== "custom") throw new Error(`${String(input)} was accepted`);
  return { message: issue.message, suggestion: issue.params?.["suggestion"] };
}

const SIZE = "expected bytes with their unit (B, KB, MB, GB, KiB, MiB, GiB), such as 64KB";
const BANDWIDTH = "expected bytes per second with their unit (B/s, KB/s, MB/s, GB/s), such as 1MB/s";

describe("an amount of bytes", () => {
  test.each([
    ["0B", 0],
    ["64KB", 64_000],
    ["1.5MB", 1_500_000],
    ["64KiB", 65_536],
    [" 2 GB ", 2_000_000_000],
  ])("reads %s as %d", (text, bytes) => {
    expect(size.parse(text)).toBe(bytes);
  });

  test.each([
    [64_000, "64000B"],
    ["64000", "64000B"],
    ["64kb", "64KB"],
    ["64 k", "64KB"],
    ["3 bytes", "3B"],
    ["1mib", "1MiB"],
    ["1MB/s", undefined],
    ["-1KB", undefined],
    ["64 boxes", undefined],
    ["", undefined],
    [null, undefined],
    ["5constructor", undefined],
  ])("refuses %j, suggesting %j", (input, suggestion) => {
    expect(problemOf(size, input)).toEqual({ message: SIZE, suggestion });
  });

  test("is at most a terabyte", () => {
    expect(problemOf(size, "1001GB").message).toBe("expected at most 1000GB");
  });
});

describe("a bandwidth", () => {
  test.each([
    ["1MB/s", 1_000_000],
    ["10 KB/s", 10_000],
    ["1.5KiB/s", 1536],
    ["1B/s", 1],
  ])("reads %s as %d", (text, bytes) => {
    expect(bandwidth.parse(text)).toBe(bytes);
  });

  test.each([
    ["1MB", "1MB/s"],
    ["1mb/s", "1MB/s"],
    ["1MBps", "125KB/s"],
    ["100Mbps", "12.5MB/s"],
    ["8 Mbit/s", "1MB/s"],
    ["8kbit", "1KB/s"],
    [1000, "1000B/s"],
    ["1MB/h", undefined],
    ["fast", undefined],
  ])("refuses %j, suggesting %j", (input, suggestion) => {
    expect(problemOf(bandwidth, input)).toEqual({ message: BANDWIDTH, suggestion });
  });

  test("is at least a byte a second", () => {
    expect(problemOf(bandwidth, "0MB/s").message).toBe("expected at least 1B");
    expect(problemOf(bandwidth, "0.5B/s").message).toBe("expected at least 1B");
  });
});

test("ranges have units at both ends, the smaller first", () => {
  expect(sizeRange.parse("16KB..64KB")).toEqual({ min: 16_000, max: 64_000 });
  expect(bandwidthRange.parse("10KB/s")).toEqual({ min: 10_000, max: 10_000 });
  expect(problemOf(bandwidthRange, "10..100KB/s").suggestion).toBe("10KB/s..100KB/s");
  expect(problemOf(sizeRange, "16..64KB").suggestion).toBe("16KB..64KB");
  expect(problemOf(sizeRange, "64KB..16KB").suggestion).toBe("16KB..64KB");
});

test("bytes are shown as a scenario would write them", () => {
  expect([0, 999, 1000, 64_000, 1_500_000, 2_000_000_000].map(bytesText)).toEqual([
    "0B",
    "999B",
    "1KB",
    "64KB",
    "1.5MB",
    "2GB",
  ]);
});
