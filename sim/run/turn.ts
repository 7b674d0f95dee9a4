/**
 * Runs in one thread take turns: two at once would share the tripwire and each other's promise jobs. This queue
 * is the only thing that outlives a run.
 */
let last: Promise<unknown> = Promise.resolve();

export function takeTurn<T>(task: () => Promise<T>): Promise<T> {
  const turn = last.then(task);
  last = turn.catch(() => undefined);
  return turn;
}
