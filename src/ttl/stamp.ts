/**
 * What stands before a frame where times to live are relative: what its receiver needs in order to restate deadlines
 * in its own time. It is apart from the frame, since one frame goes to several peers, and again later.
 *
 *     mark, sender's time, receiver's life, receiver's clock, checksum
 */
import { checksumOf } from "../wire/checksum.ts";
import { WireError } from "../wire/wire-error.ts";
import type { PeerClock } from "./peer-clocks.ts";

export interface Stamp {
  /** The sender's monotonic time in milliseconds when it sent the frame. */
  readonly sentMs: number;
  /** The receiver's clock as the sender knows it; null if it does not. */
  readonly receiver: PeerClock | null;
}

/**
 * In the place of a wire version, several bits from any. A node for which times are absolute cannot read such a frame,
 * and refuses it.
 */
export const STAMP_MARK = 0xd3;
const CHECKED_BYTES = 25;
export const STAMP_BYTES = CHECKED_BYTES + 4;

export function stamped(frame: Uint8Array, { sentMs, receiver }: Stamp): Uint8Array {
  const bytes = new Uint8Array(STAMP_BYTES + frame.length);
  const view = new DataView(bytes.buffer);
  bytes[0] = STAMP_MARK;
  view.setFloat64(1, sentMs, true);
  // Lives are counted from 1.
  view.setFloat64(9, receiver?.life ?? 0, true);
  view.setFloat64(17, receiver?.aheadMs ?? 0, true);
  view.setUint32(CHECKED_BYTES, checksumOf(bytes, 0, CHECKED_BYTES), true);
  bytes.set(frame, STAMP_BYTES);
  return bytes;
}

/** The frame behind its stamp. */
export function withoutStamp(bytes: Uint8Array): Uint8Array {
  return bytes[0] === STAMP_MARK ? bytes.subarray(STAMP_BYTES) : bytes;
}

/** Throws `WireError`. */
export function readStamp(bytes: Uint8Array): Stamp {
  if (bytes[0] !== STAMP_MARK) {
    throw new WireError(
      "version",
      `wire version ${bytes[0]} without a stamp; with the option ttlMode "relative" this node speaks ${STAMP_MARK}: ` +
        "give all nodes the same",
    );
  }
  if (bytes.length < STAMP_BYTES) throw new WireError("truncated", `a stamp of ${bytes.length} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  if (view.getUint32(CHECKED_BYTES, true) !== checksumOf(bytes, 0, CHECKED_BYTES)) {
    throw new WireError("checksum", "the checksum of a stamp does not match");
  }
  const sentMs = view.getFloat64(1, true);
  const life = view.getFloat64(9, true);
  const aheadMs = view.getFloat64(17, true);
  if (!Number.isFinite(sentMs) || !Number.isFinite(aheadMs) || !Number.isSafeInteger(life) || life < 0) {
    throw new WireError("malformed", `a stamp of ${sentMs}, ${life}, ${aheadMs}`);
  }
  return { sentMs, receiver: life === 0 ? null : { life, aheadMs } };
}
