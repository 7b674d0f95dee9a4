/**
 * Watches for promises that were rejected and never handled. Node tells of them only once the queues of ticks
 * and promise jobs are empty, that is when a run yields to the event loop.
 *
 * @returns stops watching, after giving the event loop the turn in which the last ones are told
 */
export function watchRejections(told: (reason: unknown) => void): () => Promise<void> {
  // A test runner has listeners of its own, which would report what the run already reports.
  const others = process.listeners("unhandledRejection");
  process.removeAllListeners("unhandledRejection");
  process.on("unhandledRejection", told);
  return async () => {
    await new Promise((resolve) => setImmediate(resolve));
    process.off("unhandledRejection", told);
    for (const listener of others) process.on("unhandledRejection", listener);
  };
}
