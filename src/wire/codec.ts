/**
 * The binary form of the messages: `version, epoch, type, sender's life, request number, ...fields,
 * checksum`. The epoch is that of the configuration in which the sender was; everything but membership depends on it.
 *
 * Written by hand because a node decodes and encodes a message for every step it takes. Decoding trusts
 * nothing: whatever the bytes, it gives a message or throws `WireError`.
 */
import type { CacheRecord } from "../record.ts";
import { readCount, readVersion, writeVersion } from "./fields.ts";
import { createFrameReader, type FrameReader } from "./frame-reader.ts";
import { type FrameWriter, frameWriter } from "./frame-writer.ts";
import {
  type HeldVersion,
  type KnownIncarnation,
  type Message,
  NO_INCARNATIONS,
  type ReplyMessage,
} from "./messages.ts";
import {
  readConfiguration,
  readMaybeConfiguration,
  readVotes,
  writeConfiguration,
  writeMaybeConfiguration,
  writeVotes,
} from "./membership-codec.ts";
import { WireError } from "./wire-error.ts";

export const WIRE_VERSION = 2;

export interface Codec {
  /** @param epoch of the configuration in which the sender is; the first one by default */
  encode(message: Message, epoch?: number): Uint8Array;
  /** Throws `WireError`. Texts of the message may share memory with each other, never with the frame. */
  decode(frame: Uint8Array): Message;
  /** The epoch of the frame that was decoded last. */
  readonly epoch: number;
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
  inform: 16,
  vote: 17,
  "vote-reply": 18,
  "take-over": 19,
  configuration: 20,
} as const satisfies Record<Message["type"], number>;

export function createCodec(options: CodecOptions): Codec {
  return new BinaryCodec(createFrameReader(options.frameBytesMax));
}

/** A class, since it has a property that changes: as an accessor of a literal that would cost a shape for each codec. */
class BinaryCodec implements Codec {
  epoch = 1;
  private readonly reader: FrameReader;

  constructor(reader: FrameReader) {
    this.reader = reader;
  }

  encode(message: Message, epoch = 1): Uint8Array {
    return encode(frameWriter, message, epoch);
  }

  decode(frame: Uint8Array): Message {
    const { reader } = this;
    reader.open(frame);
    requireVersion(reader);
    const epoch = reader.varint();
    const message = decode(reader);
    reader.close();
    this.epoch = epoch;
    return message;
  }
}

function requireVersion(reader: FrameReader): void {
  const wireVersion = reader.byte();
  if (wireVersion === WIRE_VERSION) return;
  throw new WireError("version", `wire version ${wireVersion}; this node speaks ${WIRE_VERSION}`);
}

function encode(writer: FrameWriter, message: Message, epoch: number): Uint8Array {
  writer.begin();
  writer.byte(WIRE_VERSION);
  writer.varint(epoch);
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
      writeVotes(writer, message.votes);
      break;
    case "inform":
      writeConfiguration(writer, message.configuration);
      break;
    case "vote":
      writer.varint(message.epoch);
      writeVersion(writer, message.ballot);
      writeMaybeConfiguration(writer, message.configuration);
      break;
    case "vote-reply":
      writeReply(writer, message);
      writer.byte(message.isGranted ? 1 : 0);
      writeVotes(writer, message.votes);
      break;
    case "take-over":
      writer.varint(message.epoch);
      break;
    case "configuration":
      writeReply(writer, message);
      writeConfiguration(writer, message.configuration);
      break;
  }
  return writer.end();
}

function decode(reader: FrameReader): Message {
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
      const votes = readVotes(reader);
      return {
        type: "pull-reply",
        incarnation,
        request,
        requester,
        known,
        records,
        coveredTo,
        missing,
        votes,
      };
    }
    case TYPE_BYTES.inform:
      return { type: "inform", incarnation, request, configuration: readConfiguration(reader) };
    case TYPE_BYTES.vote: {
      const epoch = reader.varint();
      const ballot = readVersion(reader);
      const configuration = readMaybeConfiguration(reader);
      return { type: "vote", incarnation, request, epoch, ballot, configuration };
    }
    case TYPE_BYTES["vote-reply"]: {
      const requester = reader.varint();
      const known = readKnown(reader);
      const isGranted = reader.flag();
      return {
        type: "vote-reply",
        incarnation,
        request,
        requester,
        known,
        isGranted,
        votes: readVotes(reader),
      };
    }
    case TYPE_BYTES["take-over"]:
      return { type: "take-over", incarnation, request, epoch: reader.varint() };
    case TYPE_BYTES.configuration: {
      const requester = reader.varint();
      const known = readKnown(reader);
      const configuration = readConfiguration(reader);
      return { type: "configuration", incarnation, request, requester, known, configuration };
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

function writeMaybeText(writer: FrameWriter, value: string | null): void {
  writer.byte(value === null ? 0 : 1);
  if (value !== null) writer.text(value);
}

function readMaybeText(reader: FrameReader): string | null {
  return reader.flag() ? reader.text() : null;
}
