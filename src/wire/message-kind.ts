import { TYPE_BYTES } from "./codec.ts";
import { STAMP_BYTES, STAMP_MARK } from "../ttl/stamp.ts";
import type { Message } from "./messages.ts";

/** The types of all messages. */
export const MESSAGE_TYPES = Object.keys(TYPE_BYTES) as readonly Message["type"][];

const NAMES: readonly (Message["type"] | undefined)[] = Array.from({ length: 256 }, (_, byte) =>
  MESSAGE_TYPES.find((type) => TYPE_BYTES[type] === byte),
);

/** The type of the message in a frame, without reading the rest of it; null when there is none. */
export function messageTypeOf(frame: Uint8Array): Message["type"] | null {
  // Behind the version stands the epoch, of as many bytes as it takes.
  let position = frame[0] === STAMP_MARK ? STAMP_BYTES + 1 : 1;
  while (position < frame.length && (frame[position] as number) >= 0x80) position++;
  return NAMES[frame[position + 1] ?? 0] ?? null;
}
