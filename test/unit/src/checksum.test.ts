import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checksumOf } from "../../../src/wire/checksum.ts";
import { createCodec } from "../../../src/wire/codec.ts";
import type { Message } from "../../../src/wire/messages.ts";
import { WireError } from "../../../src/wire/wire-error.ts";
import { message } from "./wire-samples.ts";

const codec = createCodec({ frameBytesMax: 100_000 });

function flip(bytes: Uint8Array, bit: number): void {
  bytes[bit >> 3] = (bytes[bit >> 3] as number) ^ (1 << (bit & 7));
}

/** One bit at a time, straight from the definition of CRC-32C. */
function slowChecksum(bytes: Uint8Array): number {
  let remainder = 0xffffffff;
  for (const byte of bytes) {
    for (let bit = 0; bit < 8; bit++) {
      const isOdd = ((remainder ^ (byte >> bit)) & 1) === 1;
      remainder = (remainder >>> 1) ^ (isOdd ? 0x82f63b78 : 0);
    }
  }
  return ~remainder >>> 0;
}

function isRefused(frame: Uint8Array): boolean {
  try {
    codec.decode(frame);
    return false;
  } catch (error) {
    if (error instanceof WireError && error.kind === "checksum") return true;
    throw error;
  }
}

const SAMPLES: readonly Message[] = [
  { type: "ping", incarnation: 1, request: 1 },
  { type: "read", incarnation: 1, request: 300, key: "user:12", wants: "version" },
  {
    type: "store",
    incarnation: 2,
    request: 301,
    record: {
      key: "k1",
      version: { counter: 17, node: "n2", incarnation: 1 },
      value: '"c1:17"',
      expireAtMs: 1_767_225_600_123,
      operation: 44,
    },
  },
];

describe("the checksum", () => {
  test("is CRC-32C", () => {
    // The check value of the Rocksoft catalogue, and RFC 3720, appendix B.4.
    expect(checksumOf(new TextEncoder().encode("123456789"), 0, 9)).toBe(0xe3069283);
    expect(checksumOf(new Uint8Array(32), 0, 32)).toBe(0x8a9136aa);
    expect(checksumOf(new Uint8Array(32).fill(0xff), 0, 32)).toBe(0x62a8ab43);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 50 }), fc.nat(20), (bytes, start) => {
        const from = Math.min(start, bytes.length);
        expect(checksumOf(bytes, from, bytes.length)).toBe(slowChecksum(bytes.subarray(from)));
      }),
      { seed: 1 },
    );
  });

  test.each(SAMPLES)("no one, two or three flipped bits of a whole $type frame go unnoticed", (sample) => {
    const frame = codec.encode(sample);
    const body = frame.length - 4;
    const bits = frame.length * 8;
    // What one flipped bit does to the checksum and to what is expected there, taken together. The checksum being
    // linear, several flips do what each of them does, combined: they are missed when that is nothing.
    const good = checksumOf(frame, 0, body);
    const effects = Array.from({ length: bits }, (_, bit) => {
      if (bit >= body * 8) return (1 << (bit - body * 8)) >>> 0;
      const damaged = frame.slice();
      flip(damaged, bit);
      return (checksumOf(damaged, 0, body) ^ good) >>> 0;
    });
    const single = new Set(effects);
    expect(single.size).toBe(bits);
    expect(single.has(0)).toBe(false);
    for (let a = 0; a < bits; a++) {
      for (let b = a + 1; b < bits; b++) {
        if (single.has(((effects[a] as number) ^ (effects[b] as number)) >>> 0)) {
          throw new Error(`flipping bits ${a}, ${b} and a third one goes unnoticed`);
        }
      }
    }
  });

  test("every one and two flipped bits of a small frame are refused, tried one by one", () => {
    const frame = codec.encode(SAMPLES[1] as Message).slice();
    const bits = frame.length * 8;
    for (let a = 0; a < bits; a++) {
      flip(frame, a);
      expect(isRefused(frame)).toBe(true);
      for (let b = a + 1; b < bits; b++) {
        flip(frame, b);
        if (!isRefused(frame)) throw new Error(`flipping bits ${a} and ${b} goes unnoticed`);
        flip(frame, b);
      }
      flip(frame, a);
    }
  });

  test("up to three flipped bits of any frame are refused", () => {
    const places = fc.uniqueArray(fc.nat(), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(message, places, (original, chosen) => {
        const frame = codec.encode(original).slice();
        const bits = new Set(chosen.map((place) => place % (frame.length * 8)));
        for (const bit of bits) flip(frame, bit);
        expect(isRefused(frame)).toBe(true);
      }),
      { seed: 1, numRuns: 2000 },
    );
  });
});
