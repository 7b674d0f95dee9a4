import { Tinypool } from "tinypool";

/** Does tasks, several at once, in whatever order they end. */
export interface StudyPool<Task, Result> {
  readonly slotCount: number;
  perform(task: Task): Promise<Result>;
  close(): Promise<void>;
}

/**
 * Worker threads that do tasks.
 *
 * @param worker the address of a module whose default export does a task; built JavaScript
 */
export function startPool<Task, Result>(
  worker: URL,
  workers: number,
  setup: unknown,
): StudyPool<Task, Result> {
  const pool = new Tinypool({
    filename: worker.href,
    minThreads: workers,
    maxThreads: workers,
    workerData: setup,
  });
  return {
    slotCount: workers,
    perform: (task) => pool.run(task),
    close: () => pool.destroy(),
  };
}

/** Does every task and tells of each result in the order of the tasks. */
export async function performAll<Task, Result>(
  pool: StudyPool<Task, Result>,
  tasks: readonly Task[],
  onResult: (result: Result, index: number) => void = () => undefined,
): Promise<Result[]> {
  const results: (Result | undefined)[] = tasks.map(() => undefined);
  let next = 0;
  let told = 0;
  const isThere = new Set<number>();
  const work = async (): Promise<void> => {
    for (let index = next++; index < tasks.length; index = next++) {
      results[index] = await pool.perform(tasks[index] as Task);
      isThere.add(index);
      for (; isThere.has(told); told++) onResult(results[told] as Result, told);
    }
  };
  await Promise.all(Array.from({ length: pool.slotCount }, work));
  return results as Result[];
}
