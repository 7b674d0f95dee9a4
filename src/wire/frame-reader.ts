import { checksumOf } from "./checksum.ts";
import { latin1Text } from "./interned.ts";
import { WireError } from "./wire-error.ts";

/** Reads what a `FrameWriter` wrote. Every method throws `WireError`, and nothing else, when it cannot. */
export interface FrameReader {
  /** Starts on a frame: checks its size and its checksum. */
  open(frame: Uint8Array): void;
  byte(): number;
  /** 0 or 1. */
  flag(): boolean;
  varint(): number;
  float64(): number;
  text(): string;
  /** The frame must end here. */
  close(): void;
  /** How many bytes are left: no honest count of items can be larger. */
  remaining(): number;
}

const CHECKSUM_BYTES = 4;
const NO_BYTES = new Uint8Array(0);
// Shared by all readers, because both cost more to make than many frames to read; neither keeps anything from
// one use to the next.
/** Fatal, so that no two different frames read as the same text; a byte order mark is a character. */
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const scratch = new DataView(new ArrayBuffer(8));

class CheckedReader implements FrameReader {
  private frame: Uint8Array = NO_BYTES;
  private position = 0;
  private end = 0;
  private readonly frameBytesMax: number;

  constructor(frameBytesMax: number) {
    this.frameBytesMax = frameBytesMax;
  }

  open(frame: Uint8Array): void {
    if (frame.length > this.frameBytesMax) {
      throw new WireError("too-large", `a frame of ${frame.length} bytes; at most ${this.frameBytesMax}`);
    }
    const end = frame.length - CHECKSUM_BYTES;
    if (end < 0) throw new WireError("truncated", `a frame of ${frame.length} bytes has no checksum`);
    const checksum =
      ((frame[end] as number) |
        ((frame[end + 1] as number) << 8) |
        ((frame[end + 2] as number) << 16) |
        ((frame[end + 3] as number) << 24)) >>>
      0;
    if (checksum !== checksumOf(frame, 0, end))
      throw new WireError("checksum", "the checksum does not match");
    this.frame = frame;
    this.position = 0;
    this.end = end;
  }

  byte(): number {
    if (this.position >= this.end) throw truncated();
    return this.frame[this.position++] as number;
  }

  flag(): boolean {
    const value = this.byte();
    if (value > 1) throw new WireError("malformed", `a flag of ${value}`);
    return value === 1;
  }

  varint(): number {
    let byte = this.byte();
    if (byte < 0x80) return byte;
    let value = byte & 0x7f;
    let scale = 0x80;
    for (;;) {
      byte = this.byte();
      value += (byte & 0x7f) * scale;
      if (value > Number.MAX_SAFE_INTEGER) throw new WireError("malformed", "a number above 2^53 - 1");
      if (byte < 0x80) return value;
      scale *= 0x80;
    }
  }

  float64(): number {
    if (this.position + 8 > this.end) throw truncated();
    for (let index = 0; index < 8; index++) {
      scratch.setUint8(index, this.frame[this.position + index] as number);
    }
    this.position += 8;
    return scratch.getFloat64(0, true);
  }

  text(): string {
    const header = this.varint();
    const length = Math.floor(header / 2);
    const start = this.position;
    const end = start + length;
    if (end > this.end) throw truncated();
    this.position = end;
    if (header % 2 === 1) return this.decodeUtf8(start, end);
    return latin1Text(this.frame, start, end);
  }

  close(): void {
    if (this.position !== this.end) {
      throw new WireError("malformed", `${this.end - this.position} bytes after the end of the message`);
    }
    // Lets go of the frame; the next one opens another.
    this.frame = NO_BYTES;
  }

  remaining(): number {
    return this.end - this.position;
  }

  private decodeUtf8(start: number, end: number): string {
    try {
      return utf8.decode(this.frame.subarray(start, end));
    } catch {
      throw new WireError("malformed", "a text that is not UTF-8");
    }
  }
}

function truncated(): WireError {
  return new WireError("truncated", "the frame ends within a field");
}

export function createFrameReader(frameBytesMax: number): FrameReader {
  return new CheckedReader(frameBytesMax);
}
