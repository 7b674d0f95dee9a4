/** The parts of the messages that compare trees, in bytes. */
import { BRANCHES, DEPTH_MAX, type TreePath } from "../replication/merkle.ts";
import { readCount, readHeldVersions, writeHeldVersions } from "./fields.ts";
import type { FrameReader } from "./frame-reader.ts";
import type { FrameWriter } from "./frame-writer.ts";
import type { TreeBranch, TreeRange } from "./messages.ts";
import { WireError } from "./wire-error.ts";

export function writeRanges(writer: FrameWriter, ranges: readonly TreeRange[]): void {
  writer.varint(ranges.length);
  for (const range of ranges) {
    writePath(writer, range);
    writer.varint(range.digest);
  }
}

export function readRanges(reader: FrameReader): TreeRange[] {
  const ranges: TreeRange[] = [];
  for (let left = readCount(reader); left > 0; left--) {
    const { depth, bits } = readPath(reader);
    ranges.push({ depth, bits, digest: reader.varint() });
  }
  return ranges;
}

export function writeBranches(writer: FrameWriter, branches: readonly TreeBranch[]): void {
  writer.varint(branches.length);
  for (const branch of branches) {
    writePath(writer, branch);
    writer.byte(branch.digests.length === 0 ? 0 : 1);
    for (const digest of branch.digests) writer.varint(digest);
    writeHeldVersions(writer, branch.held);
  }
}

export function readBranches(reader: FrameReader): TreeBranch[] {
  const branches: TreeBranch[] = [];
  for (let left = readCount(reader); left > 0; left--) {
    const { depth, bits } = readPath(reader);
    const digests: number[] = [];
    if (reader.flag()) for (let branch = 0; branch < BRANCHES; branch++) digests.push(reader.varint());
    branches.push({ depth, bits, digests, held: readHeldVersions(reader) });
  }
  return branches;
}

function writePath(writer: FrameWriter, { depth, bits }: TreePath): void {
  writer.byte(depth);
  writer.varint(bits);
}

function readPath(reader: FrameReader): TreePath {
  const depth = reader.byte();
  const bits = reader.varint();
  // Four bits a level; shifted in two steps, since 32 at once would be none.
  const isWithin =
    depth <= DEPTH_MAX && bits <= (0xffff_ffff >>> (2 * (DEPTH_MAX - depth))) >>> (2 * (DEPTH_MAX - depth));
  if (!isWithin) throw new WireError("malformed", `a range of depth ${depth} that begins with ${bits}`);
  return { depth, bits };
}
