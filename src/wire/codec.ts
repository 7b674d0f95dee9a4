/**
 * The binary form of the messages: `version, epoch, type, sender's life, request number, ...fields,
 * checksum`. The epoch is that of the configuration in which the sender was; everything but membership depends on it.
 *
 * Written by hand because a node decodes and encodes a message for every step it takes. Decoding trusts
 * nothing: whatever the bytes, it gives a message or throws `WireError`.
 */
import type { CacheRecord } from "../local/record.ts";
import { readCount, readHeldVersions, readVersion, writeHeldVersions, writeVersion } from "./fields.ts";
import { createFrameReader, type FrameReader } from "./frame-reader.ts";
import { type FrameWriter, frameWriter } from "./frame-writer.ts";
import {
  type Json,
  type KnownIncarnation,
  type Message,
  NO_INCARNATIONS,
  type ReplyMessage,
  type StoreReply,
} from "./messages.ts";
import {
  readConfiguration,
  readMaybeConfiguration,
  readVotes,
  writeConfiguration,
  writeMaybeConfiguration,
  writeVotes,
} from "./membership-codec.ts";
import { readBranches, readRanges, writeBranches, writeRanges } from "./tree-codec.ts";
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

/** On the wire; never renumber. 8 and 9 are used up. */
export const TYPE_BYTES = {
  read: 1,
  "read-reply": 2,
  store: 3,
  "store-reply": 4,
  erase: 5,
  ping: 6,
  pong: 7,
  pull: 10,
  "pull-reply": 11,
  inform: 16,
  vote: 17,
  "vote-reply": 18,
  "take-over": 19,
  configuration: 20,
  watch: 40,
  "watch-reply": 41,
  renew: 42,
  "renew-reply": 43,
  invalidate: 44,
  tree: 12,
  "tree-reply": 13,
  fetch: 14,
  settle: 23,
  "settle-reply": 24,
  forget: 25,
  policy: 21,
  "policy-reply": 22,
} as const satisfies Record<Message["type"], number>;

type StoreEnd = Pick<StoreReply, "isStored" | "newer" | "isAhead">;

/** What a store reply says, on the wire; never renumber. */
const REFUSED_FULL = 0;
const STORED = 1;
const STORED_NEWER = 2;
const REFUSED_AHEAD = 3;

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
      writeStoreEnd(writer, message);
      break;
    case "erase":
      writer.text(message.key);
      break;
    case "ping":
      break;
    case "pong":
      writeReply(writer, message);
      break;
    case "tree":
      writeRanges(writer, message.ranges);
      break;
    case "tree-reply":
      writeReply(writer, message);
      writeBranches(writer, message.branches);
      break;
    case "fetch":
      writer.varint(message.keys.length);
      for (const key of message.keys) writer.text(key);
      break;
    case "pull":
      writeMaybeText(writer, message.after);
      writeMaybeText(writer, message.upTo);
      writeHeldVersions(writer, message.held);
      break;
    case "pull-reply":
      writeReply(writer, message);
      writer.varint(message.missing.length);
      for (const node of message.missing) writer.text(node);
      writeMaybeText(writer, message.coveredTo);
      writer.varint(message.records.length);
      for (const record of message.records) writeRecord(writer, record);
      writeVotes(writer, message.votes);
      if (message.forgotten !== undefined) writer.varint(message.forgotten);
      break;
    case "settle":
      writer.varint(message.records.length);
      for (const record of message.records) writeRecord(writer, record);
      break;
    case "settle-reply":
      writeReply(writer, message);
      writer.varint(message.refused.length);
      for (const key of message.refused) writer.text(key);
      break;
    case "forget":
      writeHeldVersions(writer, message.held);
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
    case "watch":
      writer.text(message.key);
      writeVersion(writer, message.version);
      break;
    case "watch-reply":
      writeReply(writer, message);
      writer.varint(message.channel);
      writer.varint(message.sequence);
      writer.byte(message.isWatched ? 1 : 0);
      writer.byte(message.remainingMs === null ? 0 : 1);
      if (message.remainingMs !== null) writer.float64(message.remainingMs);
      break;
    case "renew":
      break;
    case "renew-reply":
      writeReply(writer, message);
      writer.varint(message.channel);
      writer.varint(message.sequence);
      break;
    case "invalidate":
      writer.varint(message.holder);
      writer.varint(message.channel);
      writer.varint(message.sequence);
      writer.text(message.key);
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
      return { type: "store-reply", incarnation, request, requester, known, ...readStoreEnd(reader) };
    }
    case TYPE_BYTES.erase:
      return { type: "erase", incarnation, request, key: reader.text() };
    case TYPE_BYTES.ping:
      return { type: "ping", incarnation, request };
    case TYPE_BYTES.pong:
      return { type: "pong", incarnation, request, requester: reader.varint(), known: readKnown(reader) };
    case TYPE_BYTES.tree:
      return { type: "tree", incarnation, request, ranges: readRanges(reader) };
    case TYPE_BYTES["tree-reply"]: {
      const requester = reader.varint();
      const known = readKnown(reader);
      return { type: "tree-reply", incarnation, request, requester, known, branches: readBranches(reader) };
    }
    case TYPE_BYTES.fetch: {
      const keys: string[] = [];
      for (let left = readCount(reader); left > 0; left--) keys.push(reader.text());
      return { type: "fetch", incarnation, request, keys };
    }
    case TYPE_BYTES.pull: {
      const after = readMaybeText(reader);
      const upTo = readMaybeText(reader);
      return { type: "pull", incarnation, request, after, upTo, held: readHeldVersions(reader) };
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
      const forgotten = reader.remaining() > 0 ? { forgotten: reader.varint() } : {};
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
        ...forgotten,
      };
    }
    case TYPE_BYTES.settle: {
      const records: CacheRecord[] = [];
      for (let left = readCount(reader); left > 0; left--) records.push(readRecord(reader));
      return { type: "settle", incarnation, request, records };
    }
    case TYPE_BYTES["settle-reply"]: {
      const requester = reader.varint();
      const known = readKnown(reader);
      const refused: string[] = [];
      for (let left = readCount(reader); left > 0; left--) refused.push(reader.text());
      return { type: "settle-reply", incarnation, request, requester, known, refused };
    }
    case TYPE_BYTES.forget:
      return { type: "forget", incarnation, request, held: readHeldVersions(reader) };
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
    case TYPE_BYTES.watch:
      return { type: "watch", incarnation, request, key: reader.text(), version: readVersion(reader) };
    case TYPE_BYTES["watch-reply"]: {
      const requester = reader.varint();
      const known = readKnown(reader);
      const channel = reader.varint();
      const sequence = reader.varint();
      const isWatched = reader.flag();
      const remainingMs = reader.flag() ? readFinite(reader, "a remaining time") : null;
      const head = { incarnation, request, requester, known };
      return { type: "watch-reply", ...head, channel, sequence, isWatched, remainingMs };
    }
    case TYPE_BYTES.renew:
      return { type: "renew", incarnation, request };
    case TYPE_BYTES["renew-reply"]: {
      const requester = reader.varint();
      const known = readKnown(reader);
      const head = { incarnation, request, requester, known };
      return { type: "renew-reply", ...head, channel: reader.varint(), sequence: reader.varint() };
    }
    case TYPE_BYTES.invalidate: {
      const holder = reader.varint();
      const channel = reader.varint();
      const sequence = reader.varint();
      return { type: "invalidate", incarnation, request, holder, channel, sequence, key: reader.text() };
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

function writeStoreEnd(writer: FrameWriter, { isStored, newer, isAhead }: StoreEnd): void {
  if (newer !== undefined) {
    writer.byte(STORED_NEWER);
    writeVersion(writer, newer);
  } else if (isAhead === true) writer.byte(REFUSED_AHEAD);
  else writer.byte(isStored ? STORED : REFUSED_FULL);
}

function readStoreEnd(reader: FrameReader): StoreEnd {
  const form = reader.byte();
  switch (form) {
    case REFUSED_FULL:
      return { isStored: false };
    case STORED:
      return { isStored: true };
    case STORED_NEWER:
      return { isStored: true, newer: readVersion(reader) };
    case REFUSED_AHEAD:
      return { isStored: false, isAhead: true };
    default:
      throw new WireError("malformed", `a store reply of form ${form}`);
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
  const expireAtMs = readFinite(reader, "an expiry");
  return { key, version, value, expireAtMs, operation: reader.varint() };
}

function readFinite(reader: FrameReader, what: string): number {
  const value = reader.float64();
  if (!Number.isFinite(value)) throw new WireError("malformed", `${what} of ${value}`);
  return value;
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
