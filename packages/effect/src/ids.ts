/**
 * Where identifiers come from.
 *
 * Everything that belongs to a run takes its identifiers from that run: from the generator it was given, or
 * from a counter that starts at 1 with each run, so that two identical runs show identical identifiers.
 * Identifiers are made when somebody first reads them, never before.
 */
export type IdGenerator = () => string;

/** Makes an identifier for a thing of the given kind. */
export type IdSource = (kind: string) => string;

let standaloneCount = 0;

/**
 * For tokens, scopes and fibers that somebody makes by hand, outside any run: they must differ from one
 * another, and there is no run to count them. No run ever reads or moves this counter.
 */
export const standaloneId: IdSource = (kind) => `${kind}-standalone-${++standaloneCount}`;
