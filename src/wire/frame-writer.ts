import { checksumOf } from "./checksum.ts";

/**
 * Writes frames one after the other into slabs, and hands each out as a view of its slab: making a view costs
 * far less than allocating an array of its own. What was handed out is never written again, so all writers share
 * one slab, as all small buffers of Node do. A frame is begun and ended without a break.
 */
export interface FrameWriter {
  begin(): void;
  byte(value: number): void;
  /** A whole number, 0 to 2^53 - 1. */
  varint(value: number): void;
  float64(value: number): void;
  text(value: string): void;
  /** Adds the checksum and returns the frame. */
  end(): Uint8Array;
}

const SLAB_BYTES = 8192;
const VARINT_BYTES_MAX = 8;
const encoder = new TextEncoder();

class SlabWriter implements FrameWriter {
  private slab = new Uint8Array(0);
  private view = new DataView(this.slab.buffer);
  private start = 0;
  private position = 0;

  begin(): void {
    this.start = this.position;
  }

  byte(value: number): void {
    this.reserve(1);
    this.slab[this.position++] = value;
  }

  varint(value: number): void {
    this.reserve(VARINT_BYTES_MAX);
    let rest = value;
    while (rest >= 0x80) {
      // Division, not a shift: shifts see 32 bits only.
      this.slab[this.position++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.slab[this.position++] = rest;
  }

  float64(value: number): void {
    this.reserve(8);
    this.view.setFloat64(this.position, value, true);
    this.position += 8;
  }

  /**
   * The length comes first, doubled, plus one when UTF-8 follows. Nearly every text has no character above
   * U+00FF and goes out with one byte each.
   */
  text(value: string): void {
    const { length } = value;
    this.reserve(VARINT_BYTES_MAX + length);
    const before = this.position;
    this.varint(length * 2);
    const { slab } = this;
    let position = this.position;
    for (let index = 0; index < length; index++) {
      const unit = value.charCodeAt(index);
      if (unit > 0xff) {
        this.position = before;
        this.utf8(value);
        return;
      }
      slab[position++] = unit;
    }
    this.position = position;
  }

  end(): Uint8Array {
    this.reserve(4);
    const { slab, start, position } = this;
    this.view.setUint32(position, checksumOf(slab, start, position), true);
    this.position = position + 4;
    return slab.subarray(start, position + 4);
  }

  private utf8(value: string): void {
    const bytes = encoder.encode(value);
    this.varint(bytes.length * 2 + 1);
    this.reserve(bytes.length);
    this.slab.set(bytes, this.position);
    this.position += bytes.length;
  }

  /** Moves the unfinished frame to a new slab when `bytes` more do not fit. */
  private reserve(bytes: number): void {
    if (this.position + bytes <= this.slab.length) return;
    const written = this.position - this.start;
    const slab = new Uint8Array(Math.max(SLAB_BYTES, (written + bytes) * 2));
    slab.set(this.slab.subarray(this.start, this.position));
    this.slab = slab;
    this.view = new DataView(slab.buffer);
    this.start = 0;
    this.position = written;
  }
}

export const frameWriter: FrameWriter = new SlabWriter();
