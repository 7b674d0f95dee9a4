/** What several messages are made of, in bytes. */
import type { Version } from "../local/version.ts";
import type { FrameReader } from "./frame-reader.ts";
import type { FrameWriter } from "./frame-writer.ts";
import type { HeldVersion } from "./messages.ts";
import { WireError } from "./wire-error.ts";

/** In the place of a version's life, which counts from 1: a revision comes first. */
const REVISED = 0;

export function writeVersion(writer: FrameWriter, version: Version): void {
  writer.varint(version.counter);
  writer.text(version.node);
  const { revision } = version;
  if (revision !== undefined) {
    writer.varint(REVISED);
    writer.varint(revision.number);
    writer.text(revision.node);
    writer.varint(revision.incarnation);
  }
  writer.varint(version.incarnation);
}

export function readVersion(reader: FrameReader): Version {
  const counter = reader.varint();
  const node = reader.text();
  const incarnation = reader.varint();
  if (incarnation !== REVISED) return { counter, node, incarnation };
  const number = reader.varint();
  if (number === 0) throw new WireError("malformed", "a version of revision 0");
  const revision = { number, node: reader.text(), incarnation: reader.varint() };
  return { counter, node, incarnation: reader.varint(), revision };
}

/** A count of items, of which each takes a byte or more: a larger one is a lie told to make us allocate. */
export function readCount(reader: FrameReader): number {
  const count = reader.varint();
  if (count > reader.remaining()) throw new WireError("truncated", `${count} items do not fit in the frame`);
  return count;
}

export function writeHeldVersions(writer: FrameWriter, held: readonly HeldVersion[]): void {
  writer.varint(held.length);
  for (const { key, version } of held) {
    writer.text(key);
    writeVersion(writer, version);
  }
}

export function readHeldVersions(reader: FrameReader): HeldVersion[] {
  const held: HeldVersion[] = [];
  for (let left = readCount(reader); left > 0; left--) {
    held.push({ key: reader.text(), version: readVersion(reader) });
  }
  return held;
}
