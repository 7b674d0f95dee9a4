/**
 * The log as bytes: entries, one after the other, each `length, check of the length, frame`.
 *
 * The frame is that of the wire, with its checksum. The length has a check of its own, so that a reader knows
 * whether the file ends within an entry or an entry is damaged: the one is what a crash leaves of what was not
 * synced, the other never is.
 */
import { mix32 } from "../hash.ts";
import { InvalidArgumentError } from "../errors.ts";
import type { CacheRecord } from "../local/record.ts";
import type { MembershipState } from "../state.ts";
import { readKnown, readRecord, writeRecord } from "../wire/codec.ts";
import { createFrameReader, type FrameReader } from "../wire/frame-reader.ts";
import { type FrameWriter, frameWriter } from "../wire/frame-writer.ts";
import { readConfiguration, readVotes, writeConfiguration, writeVotes } from "../wire/membership-codec.ts";
import type { KnownIncarnation } from "../wire/messages.ts";
import { WireError } from "../wire/wire-error.ts";

const LOG_VERSION = 4;
/** The last one without a highest counter that was forgotten. Still written where there is none. */
const LOG_VERSION_REVISIONS = 3;
/** The last one in which revisions may not say who made them; some of its logs do. */
const LOG_VERSION_MEMBERS = 2;
/** The last one without membership. */
const LOG_VERSION_FIRST = 1;

/** What a node must know of itself and of others after a crash. A log begins with it; a later one replaces it. */
export interface Life {
  readonly node: string;
  readonly incarnation: number;
  /** The log holds all that this node ever confirmed. False while it has to catch up. */
  readonly isWhole: boolean;
  /** Which nodes, to this one's knowledge, have restarted. */
  readonly known: readonly KnownIncarnation[];
  /** Null in a log from before there was any: the configuration is that of the options. */
  readonly membership: MembershipState | null;
  /** See the field of this name of the state. A log that has lost records to it says so at its beginning. */
  readonly forgotten: number;
}

export type LogEntry =
  { readonly type: "life"; readonly life: Life } | { readonly type: "record"; readonly record: CacheRecord };

/** Where an entry starts in a piece of the file: how long it is, or why that cannot be told. */
export type EntrySize = number | "incomplete" | "damaged";

export interface LogFormat {
  life(life: Life): Uint8Array;
  record(record: CacheRecord): Uint8Array;
  /** How many bytes the entry at `start` takes, its prefix included. */
  sizeAt(bytes: Uint8Array, start: number): EntrySize;
  /**
   * The entry of `size` bytes at `start`; null when it is damaged.
   * @throws InvalidArgumentError when it was written by a release that knew more
   */
  entryAt(bytes: Uint8Array, start: number, size: number): LogEntry | null;
}

/** In the log; never renumber. */
const LIFE = 1;
const RECORD = 2;

const PREFIX_BYTES = 8;
/** Keeps a length of zero from having a check of zero: a stretch of zeros is no entry. */
const LENGTH_SALT = 0x6a09e667;
/** The length is 32 bits, so nothing longer was ever written. */
const FRAME_BYTES_MAX = 0xffff_ffff;

export function createLogFormat(): LogFormat {
  const writer = frameWriter;
  const reader = createFrameReader(FRAME_BYTES_MAX);

  /** Of the log that is read: its life comes first. */
  let version = LOG_VERSION;

  function decodeRecord(frame: Uint8Array): CacheRecord {
    try {
      const record = readRecord(reader);
      reader.close();
      if (version > LOG_VERSION_MEMBERS || record.version.revision?.node !== "") return record;
    } catch (error) {
      if (version > LOG_VERSION_MEMBERS || !(error instanceof WireError)) throw error;
    }
    reader.open(frame);
    requireNoUnnamedRevision(reader, version);
    throw new WireError("malformed", "a record that no release wrote");
  }

  function decode(frame: Uint8Array): LogEntry {
    reader.open(frame);
    const type = reader.byte();
    if (type === RECORD) return { type: "record", record: decodeRecord(frame) };
    if (type !== LIFE) throw new WireError("type", `log entry type ${type} is unknown`);
    version = reader.varint();
    if (version < LOG_VERSION_FIRST || version > LOG_VERSION) {
      throw new InvalidArgumentError(
        "invalid-options",
        `option disk: its log has version ${version}, and this release knows ${LOG_VERSION}; ` +
          "start the release that wrote it",
      );
    }
    const life: Life = {
      node: reader.text(),
      incarnation: reader.varint(),
      isWhole: reader.flag(),
      known: readKnown(reader),
      membership: version === LOG_VERSION_FIRST ? null : readMembership(reader),
      forgotten: version < LOG_VERSION ? 0 : reader.varint(),
    };
    reader.close();
    return { type: "life", life };
  }

  return {
    life({ node, incarnation, isWhole, known, membership, forgotten }) {
      const withMembers = forgotten === 0 ? LOG_VERSION_REVISIONS : LOG_VERSION;
      writer.begin();
      writer.byte(LIFE);
      writer.varint(membership === null ? LOG_VERSION_FIRST : withMembers);
      writer.text(node);
      writer.varint(incarnation);
      writer.byte(isWhole ? 1 : 0);
      writer.varint(known.length);
      for (const entry of known) {
        writer.text(entry.node);
        writer.varint(entry.incarnation);
      }
      if (membership !== null) {
        writeConfiguration(writer, membership.configuration);
        writeVotes(writer, membership.votes);
        if (forgotten > 0) writer.varint(forgotten);
      }
      return prefixed(writer);
    },
    record(record) {
      writer.begin();
      writer.byte(RECORD);
      writeRecord(writer, record);
      return prefixed(writer);
    },
    sizeAt(bytes, start) {
      if (bytes.length - start < PREFIX_BYTES) return "incomplete";
      const length = word(bytes, start);
      if (word(bytes, start + 4) !== mix32(length ^ LENGTH_SALT)) return "damaged";
      const size = PREFIX_BYTES + length;
      return start + size > bytes.length ? "incomplete" : size;
    },
    entryAt(bytes, start, size) {
      try {
        return decode(bytes.subarray(start + PREFIX_BYTES, start + size));
      } catch (error) {
        if (error instanceof WireError) return null;
        throw error;
      }
    },
  };
}

/**
 * Some releases that wrote versions 1 and 2 did not say which write a revision follows, nor who made it. Where it belongs among
 * other writes cannot be told any more, and to leave it out would be to lose what was confirmed.
 */
function requireNoUnnamedRevision(reader: FrameReader, version: number): void {
  reader.byte();
  const key = reader.text();
  reader.varint();
  reader.text();
  const isRevised = reader.varint() === 0;
  if (!isRevised) return;
  const [revision, incarnation] = [reader.varint(), reader.varint()];
  if (reader.flag()) reader.text();
  reader.float64();
  reader.varint();
  reader.close();
  if (revision === 0 || incarnation === 0) return;
  throw new InvalidArgumentError(
    "invalid-options",
    `option disk: its log has version ${version}, and the touched or loaded value of "${key}" in a form that this release cannot ` +
      "place among other writes; start the release that wrote it until such values have expired, or take the disk " +
      'away and start the node with start: "rejoin", one node at a time',
  );
}

function readMembership(reader: FrameReader): MembershipState {
  const configuration = readConfiguration(reader);
  return { configuration, votes: readVotes(reader) };
}

function prefixed(writer: FrameWriter): Uint8Array {
  const frame = writer.end();
  const entry = new Uint8Array(PREFIX_BYTES + frame.length);
  setWord(entry, 0, frame.length);
  setWord(entry, 4, mix32(frame.length ^ LENGTH_SALT));
  entry.set(frame, PREFIX_BYTES);
  return entry;
}

/** Byte by byte: a view of so small an array costs more than the whole entry. */
function setWord(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value;
  bytes[at + 1] = value >>> 8;
  bytes[at + 2] = value >>> 16;
  bytes[at + 3] = value >>> 24;
}

function word(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at] as number) |
      ((bytes[at + 1] as number) << 8) |
      ((bytes[at + 2] as number) << 16) |
      ((bytes[at + 3] as number) << 24)) >>>
    0
  );
}
