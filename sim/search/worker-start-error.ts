/** A worker thread ended before it could take any work: its code is missing, damaged, or does not load here. */
export class WorkerStartError extends Error {
  override readonly name = "WorkerStartError";

  constructor(entry: URL, cause: unknown) {
    const reason = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
    super(
      `a worker thread did not start: ${reason}; it runs ${entry.pathname}, which is built code: ` +
        "build it again with `npm run build`",
      { cause },
    );
  }
}
