import { Tinypool, type TinypoolWorker } from "tinypool";
import { WorkerStartError } from "./worker-start-error.ts";

/** Threads that do tasks, several at once, in whatever order they end. */
export interface WorkerThreads<Task, Result> {
  /** How many tasks can be done at once. */
  readonly slotCount: number;
  /**
   * @param signal ends the thread that does the task; there is no other way to stop what does not give way
   * @throws WorkerStartError, and so do all others, when the threads cannot be started
   */
  perform(task: Task, signal?: AbortSignal): Promise<Result>;
  /** Ends the threads, with whatever they are doing. */
  close(): Promise<void>;
}

/**
 * Starts worker threads. They load their code at once: whoever knows their number first can start them before
 * anything else.
 *
 * @param entry a module whose default export does a task; built JavaScript, as a thread needs it
 * @param setup every thread is given it, as the second element of its `workerData`
 */
export function startThreads<Task, Result>(
  entry: URL,
  threadCount: number,
  setup: unknown,
): WorkerThreads<Task, Result> {
  const pool = new Tinypool({
    filename: entry.href,
    minThreads: threadCount,
    maxThreads: threadCount,
    workerData: setup,
  });
  const watched = new WeakSet<TinypoolWorker>();
  /** Of each task that is not done yet, how to give it up. */
  const open = new Set<(error: Error) => void>();
  let startError: WorkerStartError | null = null;
  let closing: Promise<void> | undefined;

  /**
   * The pool does not notice a thread that ends without an error, as with `process.exit`, nor does it say when a
   * thread never gets ready: tasks would wait for either for ever.
   */
  function watch(thread: TinypoolWorker): void {
    // The pool waits for threads to exit by `once` of Node's events. When one fails instead, that wants to take its
    // listener back, which the pool's threads cannot do: the process would end with a TypeError.
    Object.assign(thread, { removeListener: () => thread });
    let isReady = false;
    let hasFailed = false;
    thread.once("message", () => (isReady = true));
    thread.once("error", (error) => {
      hasFailed = true;
      if (!isReady && closing === undefined) giveUp(new WorkerStartError(entry, error));
    });
    thread.once("exit", (code) => {
      if (closing !== undefined || hasFailed) return;
      thread.emit("error", new Error(`it ended itself, with code ${code}`));
    });
  }

  function watchNew(): void {
    for (const thread of pool.threads) {
      if (watched.has(thread)) continue;
      watched.add(thread);
      watch(thread);
    }
  }

  function giveUp(error: WorkerStartError): void {
    startError ??= error;
    for (const reject of open) reject(startError);
    open.clear();
  }

  watchNew();
  // A thread that dies while idle is replaced by the pool; one that dies at work rejects its task.
  pool.on("error", watchNew);

  return {
    slotCount: threadCount,
    perform(task, signal) {
      if (startError !== null) return Promise.reject(startError);
      return new Promise((resolve, reject) => {
        open.add(reject);
        const done = pool.run(task, signal === undefined ? {} : { signal }) as Promise<Result>;
        done.then(resolve, reject).finally(() => open.delete(reject));
        watchNew();
      });
    },
    // One that fails while it is ended is ended as well.
    close: () => (closing ??= pool.destroy().catch(() => undefined)),
  };
}
