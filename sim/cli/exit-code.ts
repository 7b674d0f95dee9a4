/** What the command ends with. Scripts rely on these: they are documented in the help and do not change. */
export const EXIT = {
  /** No unexpected violation. */
  ok: 0,
  /** An unexpected violation, a run that could not end, or one that was not the same the second time. */
  violation: 1,
  /** Bad usage or a bad file: nothing was run. Or all was well, and a report could not be written. */
  usage: 2,
  /** `check` could not decide within its budget. */
  unknown: 3,
  /** A bug of the tool itself. */
  internal: 70,
  /** Interrupted; what was found so far was printed. */
  sigint: 130,
  /** Whoever read the output went away, as with `| head`. */
  sigpipe: 141,
  sigterm: 143,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
