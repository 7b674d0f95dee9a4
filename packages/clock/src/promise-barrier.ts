/**
 * Taken when the module loads, because a simulator may later forbid `process.nextTick` to the code it runs.
 * It is no source of time.
 */
const nextTick =
  typeof process === "object" && typeof process.nextTick === "function"
    ? (process.nextTick.bind(process) as (callback: () => void) => void)
    : afterThisTask;

/** Where there is no Node: a message is a task of its own, and those wait until no promise job is left. */
function afterThisTask(callback: () => void): void {
  const { port1, port2 } = new MessageChannel();
  port1.addEventListener("message", () => {
    port1.close();
    callback();
  });
  port1.start();
  port2.postMessage(null);
}

/**
 * Resolves when every promise callback that is ready, and all that those make ready in turn, has run: an exact
 * barrier, not a number of turns.
 *
 * Node empties the queue of promise jobs before it looks at the queue of `nextTick`. So a tick that is asked
 * for *from within a promise job* runs exactly when no job is left. The `await` gets us into one; asked for
 * from plain code, the tick would run before the first job.
 */
export async function promiseBarrier(): Promise<void> {
  await Promise.resolve();
  await new Promise<void>((resolve) => nextTick(resolve));
}
