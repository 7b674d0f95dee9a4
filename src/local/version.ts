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
  /**
   * Present, and 1 or more, when it was not written by a set or a delete but follows from the write with the same
   * counter: a value that was loaded in its place, or the same value with more time to live. Newer than that write,
   * and older than every set or delete that knows of it. So whoever decides on it late overwrites nothing.
   */
  readonly revision?: number | undefined;
}

/** Negative when `a` is older, positive when it is newer, 0 when both name the same write. */
export function compareVersions(a: Version, b: Version): number {
  if (a.counter !== b.counter) return a.counter - b.counter;
  if (a.revision !== b.revision) return (a.revision ?? 0) - (b.revision ?? 0);
  if (a.node !== b.node) return a.node < b.node ? -1 : 1;
  return a.incarnation - b.incarnation;
}

/** The same, where no version at all is older than every version. */
export function compareMaybeVersions(a: Version | null, b: Version | null): number {
  if (a === null) return b === null ? 0 : -1;
  return b === null ? 1 : compareVersions(a, b);
}

/** For people and for comparing: `counter.node@incarnation`, or `counter+revision.node@incarnation`. */
export function formatVersion({ counter, revision, node, incarnation }: Version): string {
  return revision === undefined
    ? `${counter}.${node}@${incarnation}`
    : `${counter}+${revision}.${node}@${incarnation}`;
}
