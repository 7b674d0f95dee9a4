/**
 * The binary form of the messages: `version, type, sender's life, request number, ...fields, checksum`.
 *
 * Written by hand because a node decodes and encodes a message for every step it takes. Decoding trusts
 * nothing: whatever the bytes, it gives a message or throws `WireError`.
 */
import type { CacheRecord } from "../record.ts";
import type { Version } from "../version.ts";
import { createFrameReader, type FrameReader } from "./frame-reader.ts";
import { type FrameWriter, frameWriter } from "./frame-writer.ts";
import {
  type HeldVersion,
  type Json,
  type KnownIncarnation,
  type Message,
  NO_INCARNATIONS,
  type ReplyMessage,
} from "./messages.ts";
import { WireError } from "./wire-error.ts";

export const WIRE_VERSION = 1;

export interface Codec {
  encode(message: Message): Uint8Array;
  /** Throws `WireError`. Texts of the message may share memory with each other, never with the frame. */
  decode(frame: Uint8Array): Message;
}

export interface CodecOptions {
  /** Longer frames are refused unread. */
  readonly frameBytesMax: number;
}

/** On the wire; never renumber. */
const TYPE_BYTES = {
  read: 1,
  "read-reply": 2,
  store: 3,
  "store-reply": 4,
  erase: 5,
  ping: 6,
  pong: 7,
  compare: 8,
  "compare-reply": 9,
  pull: 10,
  "pull-reply": 11,
  policy: 12,
  "policy-reply": 13,
} as const satisfies Record<Message["type"], number>;

export function createCodec(options: CodecOptions): Codec {
  const reader = createFrameReader(options.frameBytesMax);
  return {
    encode: (message) => encode(frameWriter, message),
    decode(frame) {
      reader.open(frame);
      const message = decode(reader);
      reader.close();
      return message;
    },
  };
}

function encode(writer: FrameWriter, message: Message): Uint8Array {
  writer.begin();
  writer.byte(WIRE_VERSION);
  writer.byte(TYPE_BYTES[message.type]);
  writer.varint(message.incarnation);
  writer.varint(message.request);
  switch (message.type) {
    case "read":
      writer.text(message.key);
      writer.byte(message.wants === "record" ? 1 : 0);
      break;
    case "read-reply":
      writeReply(writer, message);
      writer.byte(message.isFull ? 1 : 0);
      if (message.record !== null) {
        writer.byte(2);
        writeRecord(writer, message.record);
      } else if (message.version !== null) {
        writer.byte(1);
        writeVersion(writer, message.version);
      } else writer.byte(0);
      break;
    case "store":
      writeRecord(writer, message.record);
      break;
    case "store-reply":
      writeReply(writer, message);
      writer.byte(message.isStored ? 1 : 0);
      break;
    case "erase":
      writer.text(message.key);
      break;
    case "ping":
      break;
    case "pong":
      writeReply(writer, message);
      break;
    case "compare":
      writer.varint(message.count);
      writer.varint(message.digest);
      break;
    case "compare-reply":
      writeReply(writer, message);
      writer.byte(message.isEqual ? 1 : 0);
      break;
    case "pull":
      writeMaybeText(writer, message.after);
      writeMaybeText(writer, message.upTo);
      writer.varint(message.held.length);
      for (const { key, version } of message.held) {
        writer.text(key);
        writeVersion(writer, version);
      }
      break;
    case "pull-reply":
      writeReply(writer, message);
      writer.varint(message.missing.length);
      for (const node of message.missing) writer.text(node);
      writeMaybeText(writer, message.coveredTo);
      writer.varint(message.records.length);
      for (const record of message.records) writeRecord(writer, record);
      break;
    case "policy":
      writer.text(message.kind);
      writer.text(message.key);
      writeMaybeRecord(writer, message.record);
      writer.text(JSON.stringify(message.body));
      break;
    case "policy-reply":
      writeReply(writer, message);
      writeMaybeRecord(writer, message.record);
      writer.text(JSON.stringify(message.body));
      break;
  }
  return writer.end();
}

function decode(reader: FrameReader): Message {
  const wireVersion = reader.byte();
  if (wireVersion !== WIRE_VERSION) {
    throw new WireError("version", `wire version ${wireVersion}; this node speaks ${WIRE_VERSION}`);
  }
  const type = reader.byte();
  const incarnation = reader.varint();
  const request = reader.varint();
  switch (type) {
    case TYPE_BYTES.read: {
      const key = reader.text();
      return { type: "read", incarnation, request, key, wants: reader.flag() ? "record" : "version" };
    }
    case TYPE_BYTES["read-reply"]: {
      const requester = reader.varint();
      const known = readKnown(reader);
      const isFull = reader.flag();
      const form = reader.byte();
      if (form > 2) throw new WireError("malformed", `a read reply of form ${form}`);
      const record = form === 2 ? readRecord(reader) : null;
      const version = record !== null ? record.version : form === 1 ? readVersion(reader) : null;
      return { type: "read-reply", incarnation, request, requester, known, version, record, isFull };
    }
    case TYPE_BYTES.store:
      return { type: "store", incarnation, request, record: readRecord(reader) };
    case TYPE_BYTES["store-reply"]: {
      const requester = reader.varint();
      const known = readKnown(reader);
      return { type: "store-reply", incarnation, request, requester, known, isStored: reader.flag() };
    }
    case TYPE_BYTES.erase:
      return { type: "erase", incarnation, request, key: reader.text() };
    case TYPE_BYTES.ping:
      return { type: "ping", incarnation, request };
    case TYPE_BYTES.pong:
      return { type: "pong", incarnation, request, requester: reader.varint(), known: readKnown(reader) };
    case TYPE_BYTES.compare: {
      const count = reader.varint();
      return { type: "compare", incarnation, request, count, digest: reader.varint() };
    }
    case TYPE_BYTES["compare-reply"]: {
      const requester = reader.varint();
      const known = readKnown(reader);
      return { type: "compare-reply", incarnation, request, requester, known, isEqual: reader.flag() };
    }
    case TYPE_BYTES.pull: {
      const after = readMaybeText(reader);
      const upTo = readMaybeText(reader);
      const held: HeldVersion[] = [];
      for (let left = readCount(reader); left > 0; left--) {
        held.push({ key: reader.text(), version: readVersion(reader) });
      }
      return { type: "pull", incarnation, request, after, upTo, held };
    }
    case TYPE_BYTES["pull-reply"]: {
      const requester = reader.varint();
      const known = readKnown(reader);
      const missing: string[] = [];
      for (let left = readCount(reader); left > 0; left--) missing.push(reader.text());
      const coveredTo = readMaybeText(reader);
      const records: CacheRecord[] = [];
      for (let left = readCount(reader); left > 0; left--) records.push(readRecord(reader));
      return { type: "pull-reply", incarnation, request, requester, known, records, coveredTo, missing };
    }
    case TYPE_BYTES.policy: {
      const kind = reader.text();
      const key = reader.text();
      const record = readMaybeRecord(reader);
      return { type: "policy", incarnation, request, kind, key, record, body: readJson(reader) };
    }
    case TYPE_BYTES["policy-reply"]: {
      const requester = reader.varint();
      const known = readKnown(reader);
      const record = readMaybeRecord(reader);
      return { type: "policy-reply", incarnation, request, requester, known, record, body: readJson(reader) };
    }
    default:
      throw new WireError("type", `message type ${type} is unknown`);
  }
}

function writeReply(writer: FrameWriter, message: ReplyMessage): void {
  writer.varint(message.requester);
  const { known } = message;
  writer.varint(known.length);
  for (let index = 0; index < known.length; index++) {
    const entry = known[index] as KnownIncarnation;
    writer.text(entry.node);
    writer.varint(entry.incarnation);
  }
}

export function readKnown(reader: FrameReader): readonly KnownIncarnation[] {
  let left = readCount(reader);
  if (left === 0) return NO_INCARNATIONS;
  const known: KnownIncarnation[] = [];
  for (; left > 0; left--) known.push({ node: reader.text(), incarnation: reader.varint() });
  return known;
}

function writeVersion(writer: FrameWriter, version: Version): void {
  writer.varint(version.counter);
  writer.text(version.node);
  writer.varint(version.incarnation);
}

function readVersion(reader: FrameReader): Version {
  const counter = reader.varint();
  const node = reader.text();
  return { counter, node, incarnation: reader.varint() };
}

export function writeRecord(writer: FrameWriter, record: CacheRecord): void {
  writer.text(record.key);
  writeVersion(writer, record.version);
  writeMaybeText(writer, record.value);
  writer.float64(record.expireAtMs);
  writer.varint(record.operation);
}

export function readRecord(reader: FrameReader): CacheRecord {
  const key = reader.text();
  const version = readVersion(reader);
  const value = readMaybeText(reader);
  const expireAtMs = reader.float64();
  if (!Number.isFinite(expireAtMs)) throw new WireError("malformed", `an expiry of ${expireAtMs}`);
  return { key, version, value, expireAtMs, operation: reader.varint() };
}

function writeMaybeRecord(writer: FrameWriter, record: CacheRecord | null): void {
  writer.byte(record === null ? 0 : 1);
  if (record !== null) writeRecord(writer, record);
}

function readMaybeRecord(reader: FrameReader): CacheRecord | null {
  return reader.flag() ? readRecord(reader) : null;
}

/** Text that is not JSON, or is nested deeper than can be read, is no message. */
function readJson(reader: FrameReader): Json {
  const text = reader.text();
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw new WireError("malformed", "the body of a policy's message is not JSON");
  }
}

function writeMaybeText(writer: FrameWriter, value: string | null): void {
  writer.byte(value === null ? 0 : 1);
  if (value !== null) writer.text(value);
}

function readMaybeText(reader: FrameReader): string | null {
  return reader.flag() ? reader.text() : null;
}

/** A count of items, of which each takes a byte or more: a larger one is a lie told to make us allocate. */
function readCount(reader: FrameReader): number {
  const count = reader.varint();
  if (count > reader.remaining()) throw new WireError("truncated", `${count} items do not fit in the frame`);
  return count;
}
