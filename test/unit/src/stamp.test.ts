import { expect, test } from "vitest";
import { readStamp, STAMP_BYTES, type Stamp, stamped, withoutStamp } from "../../../src/ttl/stamp.ts";
import { createPeerClocks } from "../../../src/ttl/peer-clocks.ts";
import { TICK_MS } from "../../../src/ttl/ttl-clock.ts";
import { createCodec } from "../../../src/wire/codec.ts";
import { messageTypeOf } from "../../../src/wire/message-kind.ts";
import { WireError } from "../../../src/wire/wire-error.ts";

const frame = createCodec({ frameBytesMax: 1000 }).encode({ type: "ping", incarnation: 1, request: 7 }, 300);
const stamp: Stamp = { sentMs: 12_345.678, receiver: { life: 3, aheadMs: -1e9 } };

function kindOf(bytes: Uint8Array): string {
  try {
    readStamp(bytes);
    return "read";
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    return error.kind;
  }
}

test("a stamp is read as it was written, and the frame is behind it", () => {
  const bytes = stamped(frame, stamp);
  expect(readStamp(bytes)).toEqual(stamp);
  expect(readStamp(stamped(frame, { sentMs: 0, receiver: null }))).toEqual({ sentMs: 0, receiver: null });
  expect([...withoutStamp(bytes)]).toEqual([...frame]);
  expect(withoutStamp(frame)).toBe(frame);
  expect(messageTypeOf(bytes)).toBe("ping");
  expect(messageTypeOf(frame)).toBe("ping");
});

test("a stamp with any bit flipped, or cut off, is refused", () => {
  const bytes = stamped(frame, stamp);
  for (let bit = 0; bit < STAMP_BYTES * 8; bit++) {
    const damaged = bytes.slice();
    damaged[bit >> 3] = (damaged[bit >> 3] as number) ^ (1 << (bit & 7));
    expect(kindOf(damaged)).toBe(bit < 8 ? "version" : "checksum");
  }
  for (let length = 1; length < STAMP_BYTES; length++)
    expect(kindOf(bytes.subarray(0, length))).toBe("truncated");
  expect(kindOf(frame)).toBe("version");
  expect(kindOf(new Uint8Array(0))).toBe("version");
});

test("numbers that are none are refused", () => {
  expect(kindOf(stamped(frame, { sentMs: Number.NaN, receiver: null }))).toBe("malformed");
  expect(kindOf(stamped(frame, { sentMs: 1, receiver: { life: 0.5, aheadMs: 0 } }))).toBe("malformed");
  expect(kindOf(stamped(frame, { sentMs: 1, receiver: { life: 1, aheadMs: Infinity } }))).toBe("malformed");
});

test("of the messages of one life the best counts, and of lives the last", () => {
  let nowMs = 1000;
  const peers = createPeerClocks(() => nowMs, 0);
  const ahead = (): number => Math.round((peers.of("p")?.aheadMs ?? Number.NaN) + TICK_MS);
  expect(peers.of("p")).toBeNull();
  peers.note("p", 1, 5000);
  expect(ahead()).toBe(4000);
  nowMs = 2000;
  peers.note("p", 1, 5900);
  expect(ahead()).toBe(4000);
  peers.note("p", 1, 6100);
  expect(ahead()).toBe(4100);
  // It has started again, and counts from 0.
  peers.note("p", 2, 10);
  expect(ahead()).toBe(-1990);
  peers.note("p", 1, 9000);
  expect([ahead(), peers.of("p")?.life]).toEqual([-1990, 2]);
});
