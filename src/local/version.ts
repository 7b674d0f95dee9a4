/**
 * The order of writes to one key.
 *
 * A version names one write and never another: `counter` alone could be issued twice (by two coordinators that
 * saw the same past, or by one coordinator before and after it lost its memory), so the node and the life of
 * that node belong to it.
 */
export interface Version {
  /** One more than the highest that the coordinator knew of. 0 only in policies that do not order writes. */
  readonly counter: number;
  /** The coordinator of the write. */
  readonly node: string;
  /** Which life of the coordinator, counted from 1. */
  readonly incarnation: number;
  /** Present when it was not written by a set or a delete but follows from the one that is named before. */
  readonly revision?: Revision | undefined;
}

/**
 * A value that was loaded in the place of a write, or the same value with more time to live. It is newer than that
 * write, and comes before every write that comes after that one; so whoever decides on it late overwrites nothing.
 */
export interface Revision {
  /** 1 or more, and more than that of any other revision of the same write that its maker knew of. */
  readonly number: number;
  /** Who made it, in which life: it names one revision and never another. */
  readonly node: string;
  readonly incarnation: number;
}

/** Negative when `a` is older, positive when it is newer, 0 when both name the same write. */
export function compareVersions(a: Version, b: Version): number {
  if (a.counter !== b.counter) return a.counter - b.counter;
  if (a.node !== b.node) return a.node < b.node ? -1 : 1;
  if (a.incarnation !== b.incarnation) return a.incarnation - b.incarnation;
  if (a.revision === undefined) return b.revision === undefined ? 0 : -1;
  return b.revision === undefined ? 1 : compareRevisions(a.revision, b.revision);
}

function compareRevisions(a: Revision, b: Revision): number {
  if (a.number !== b.number) return a.number - b.number;
  if (a.node !== b.node) return a.node < b.node ? -1 : 1;
  return a.incarnation - b.incarnation;
}

/** The same, where no version at all is older than every version. */
export function compareMaybeVersions(a: Version | null, b: Version | null): number {
  if (a === null) return b === null ? 0 : -1;
  return b === null ? 1 : compareVersions(a, b);
}

/** For people and for comparing: `counter.node@incarnation`, and after that `+number.node@incarnation` of a revision. */
export function formatVersion({ counter, node, incarnation, revision }: Version): string {
  const write = `${counter}.${node}@${incarnation}`;
  if (revision === undefined) return write;
  return `${write}+${revision.number}.${revision.node}@${revision.incarnation}`;
}
