/** Does tasks, several at once, in whatever order they end. */
export interface StudyPool<Task, Result> {
  readonly slotCount: number;
  /** @param signal gives the task up, wherever it is */
  perform(task: Task, signal?: AbortSignal): Promise<Result>;
  close(): Promise<void>;
}

/**
 * Does every task, and tells of each result in the order of the tasks.
 *
 * @param signal once it is aborted nothing more is begun, and what is under way is given up
 * @returns the results in the order of the tasks, up to the first that was not done
 */
export async function performAll<Task, Result>(
  pool: StudyPool<Task, Result>,
  tasks: readonly Task[],
  onResult: (result: Result, index: number) => void = () => undefined,
  signal?: AbortSignal,
): Promise<Result[]> {
  const done = new Map<number, Result>();
  const results: Result[] = [];
  let next = 0;
  const isStopped = (): boolean => signal?.aborted === true;
  const tell = (): void => {
    for (let index = results.length; done.has(index); index++) {
      const result = done.get(index) as Result;
      done.delete(index);
      results.push(result);
      onResult(result, index);
    }
  };
  const work = async (): Promise<void> => {
    while (next < tasks.length && !isStopped()) {
      const index = next++;
      try {
        done.set(index, await pool.perform(tasks[index] as Task, signal));
      } catch (error) {
        if (!isStopped()) throw error;
        return;
      }
      tell();
    }
  };
  await Promise.all(Array.from({ length: pool.slotCount }, work));
  return results;
}
