import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checksumOf } from "../../../src/wire/checksum.ts";
import { createCodec, WIRE_VERSION } from "../../../src/wire/codec.ts";
import type { Message } from "../../../src/wire/messages.ts";
import { WireError, type WireErrorKind } from "../../../src/wire/wire-error.ts";
import { message } from "./wire-samples.ts";

fc.configureGlobal({ seed: 20_251_122 });

const FRAME_BYTES_MAX = 100_000;

function newCodec() {
  return createCodec({ frameBytesMax: FRAME_BYTES_MAX });
}

/** The kind of the error, or null when the frame was a message after all. Any other error fails the test. */
function errorKind(decode: () => unknown): WireErrorKind | null {
  try {
    decode();
    return null;
  } catch (error) {
    if (error instanceof WireError) return error.kind;
    throw error;
  }
}

/** Puts a right checksum on a body, as an evil peer would. */
function sealed(body: readonly number[] | Uint8Array): Uint8Array {
  const frame = new Uint8Array(body.length + 4);
  frame.set(body);
  new DataView(frame.buffer).setUint32(body.length, checksumOf(frame, 0, body.length), true);
  return frame;
}

const store: Message = {
  type: "store",
  incarnation: 1,
  request: 300,
  record: {
    key: "user:12",
    version: { counter: 17, node: "n2", incarnation: 1 },
    value: '"c1:17"',
    expireAtMs: 1_767_225_600_123,
    operation: 44,
  },
};

describe("the codec", () => {
  test("gives back every message as it was", () => {
    fc.assert(
      fc.property(message, (original) => {
        const codec = newCodec();
        expect(codec.decode(codec.encode(original))).toEqual(original);
      }),
    );
  });

  test("tells the epoch of the frame that it decoded last", () => {
    fc.assert(
      fc.property(message, fc.maxSafeNat(), (original, epoch) => {
        const codec = newCodec();
        expect(codec.decode(codec.encode(original, epoch))).toEqual(original);
        expect(codec.epoch).toBe(epoch);
      }),
    );
  });

  test("never writes again what it handed out", () => {
    fc.assert(
      fc.property(fc.array(message, { minLength: 2, maxLength: 20 }), (originals) => {
        const codec = newCodec();
        const frames = originals.map((original) => codec.encode(original));
        expect(frames.map((frame) => codec.decode(frame))).toEqual(originals);
      }),
    );
  });

  test("refuses every truncation", () => {
    fc.assert(
      fc.property(message, fc.nat(), (original, cut) => {
        const codec = newCodec();
        const frame = codec.encode(original);
        const length = cut % frame.length;
        expect(["truncated", "checksum"]).toContain(errorKind(() => codec.decode(frame.subarray(0, length))));
      }),
    );
  });

  test("refuses every frame in which one byte was changed", () => {
    fc.assert(
      fc.property(message, fc.nat(), fc.integer({ min: 1, max: 255 }), (original, place, change) => {
        const codec = newCodec();
        const frame = codec.encode(original).slice();
        const index = place % frame.length;
        frame[index] = (frame[index] as number) ^ change;
        expect(errorKind(() => codec.decode(frame))).toBe("checksum");
      }),
    );
  });

  test("answers random bytes with its own error or a message, even when the checksum is right", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        errorKind(() => newCodec().decode(bytes));
        errorKind(() => newCodec().decode(sealed(bytes)));
      }),
      { numRuns: 500 },
    );
  });

  test("answers a body of garbage behind a good header the same way", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.uint8Array({ maxLength: 200 }), (type, bytes) => {
        errorKind(() => newCodec().decode(sealed([WIRE_VERSION, 1, type, 1, 1, ...bytes])));
      }),
      { numRuns: 1000 },
    );
  });

  test("refuses bytes after the end of the message", () => {
    fc.assert(
      fc.property(message, fc.uint8Array({ minLength: 1, maxLength: 9 }), (original, rest) => {
        const codec = newCodec();
        const body = codec.encode(original).subarray(0, -4);
        expect(errorKind(() => codec.decode(sealed([...body, ...rest])))).not.toBeNull();
      }),
    );
  });

  test("goes on after a frame that it refused", () => {
    const codec = newCodec();
    expect(errorKind(() => codec.decode(sealed([WIRE_VERSION, 1, 3, 1])))).toBe("truncated");
    expect(codec.decode(codec.encode(store))).toEqual(store);
  });

  test("names what is wrong", () => {
    const codec = newCodec();
    const kinds = (frame: Uint8Array) => errorKind(() => codec.decode(frame));
    expect(kinds(new Uint8Array(0))).toBe("truncated");
    expect(kinds(sealed([]))).toBe("truncated");
    expect(kinds(sealed([WIRE_VERSION + 1, 1, 6, 1, 1]))).toBe("version");
    expect(kinds(sealed([WIRE_VERSION, 1, 99, 1, 1]))).toBe("type");
    expect(kinds(new Uint8Array(FRAME_BYTES_MAX + 1))).toBe("too-large");
    expect(kinds(sealed([WIRE_VERSION, 1, 6, 1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]))).toBe(
      "malformed",
    );
    // A key of two bytes that are no UTF-8.
    expect(kinds(sealed([WIRE_VERSION, 1, 5, 1, 1, 5, 0xc3, 0x28]))).toBe("malformed");
    // A billion records, in a frame of a dozen bytes.
    expect(kinds(sealed([WIRE_VERSION, 1, 11, 1, 1, 1, 0, 0, 0, 0x80, 0x94, 0xeb, 0xdc, 0x03]))).toBe(
      "truncated",
    );
  });

  test("carries a text of any size in a frame of its own", () => {
    const codec = newCodec();
    for (const length of [0, 1, 127, 8191, 8192, 30_000]) {
      for (const character of ["x", "é", "€", "🙂"]) {
        const original: Message = {
          type: "erase",
          incarnation: 1,
          request: 1,
          key: character.repeat(length),
        };
        if (length * Buffer.byteLength(character) > FRAME_BYTES_MAX - 100) continue;
        expect(codec.decode(codec.encode(original))).toEqual(original);
      }
    }
  });

  test("takes 41 bytes for a small record", () => {
    expect(newCodec().encode(store).length).toBe(41);
  });
});
