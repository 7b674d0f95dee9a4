/** Does tasks, several at once, in whatever order they end. */
export interface StudyPool<Task, Result> {
  readonly slotCount: number;
  perform(task: Task): Promise<Result>;
  close(): Promise<void>;
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
