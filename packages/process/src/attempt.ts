/** Calls a function that may return a value, return a promise, or fail either way; exactly one callback follows. */
export function attempt<T>(
  work: () => T | PromiseLike<T>,
  onDone: (value: T) => void,
  onError: (error: unknown) => void,
): void {
  let result: T | PromiseLike<T>;
  try {
    result = work();
  } catch (error) {
    onError(error);
    return;
  }
  if (isPromiseLike(result)) result.then(onDone, onError);
  else onDone(result);
}

export function isPromiseLike<T>(value: T | PromiseLike<T>): value is PromiseLike<T> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}
