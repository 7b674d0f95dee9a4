import type { Proposal, Votes } from "../membership/agreement.ts";
import { type Configuration, type Member } from "../membership/configuration.ts";
import { readCount, readVersion, writeVersion } from "./fields.ts";
import type { FrameReader } from "./frame-reader.ts";
import type { FrameWriter } from "./frame-writer.ts";
import { WireError } from "./wire-error.ts";

/** Configurations and votes, in messages and in the journal. */

export function writeConfiguration(writer: FrameWriter, { epoch, members, previous }: Configuration): void {
  writer.varint(epoch);
  writeMembers(writer, members);
  writer.byte(previous === null ? 0 : 1);
  if (previous !== null) writeMembers(writer, previous);
}

export function readConfiguration(reader: FrameReader): Configuration {
  const epoch = reader.varint();
  const members = readMembers(reader);
  return { epoch, members, previous: reader.flag() ? readMembers(reader) : null };
}

export function writeMaybeConfiguration(writer: FrameWriter, configuration: Configuration | null): void {
  writer.byte(configuration === null ? 0 : 1);
  if (configuration !== null) writeConfiguration(writer, configuration);
}

export function readMaybeConfiguration(reader: FrameReader): Configuration | null {
  return reader.flag() ? readConfiguration(reader) : null;
}

/** One byte while there is nothing to tell, as is usual. */
export function writeVotes(writer: FrameWriter, { promised, accepted }: Votes): void {
  writer.byte((promised === null ? 0 : 1) + (accepted === null ? 0 : 2));
  if (promised !== null) writeVersion(writer, promised);
  if (accepted !== null) writeProposal(writer, accepted);
}

export function readVotes(reader: FrameReader): Votes {
  const form = reader.byte();
  if (form > 3) throw new WireError("malformed", `votes of form ${form}`);
  const promised = form % 2 === 1 ? readVersion(reader) : null;
  return { promised, accepted: form >= 2 ? readProposal(reader) : null };
}

function writeProposal(writer: FrameWriter, { ballot, configuration }: Proposal): void {
  writeVersion(writer, ballot);
  writeConfiguration(writer, configuration);
}

function readProposal(reader: FrameReader): Proposal {
  const ballot = readVersion(reader);
  return { ballot, configuration: readConfiguration(reader) };
}

function writeMembers(writer: FrameWriter, members: readonly Member[]): void {
  writer.varint(members.length);
  for (const { id, zone } of members) {
    writer.text(id);
    writer.byte(zone === null ? 0 : 1);
    if (zone !== null) writer.text(zone);
  }
}

function readMembers(reader: FrameReader): readonly Member[] {
  const members: Member[] = [];
  for (let left = readCount(reader); left > 0; left--) {
    const id = reader.text();
    const before = members.at(-1);
    if (before !== undefined && before.id >= id) {
      throw new WireError("malformed", "members that are not in the order of their ids");
    }
    members.push({ id, zone: reader.flag() ? reader.text() : null });
  }
  if (members.length === 0) throw new WireError("malformed", "a configuration without members");
  return members;
}
