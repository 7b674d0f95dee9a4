/**
 * What an effect comes to: a value, or an error.
 *
 * An error is either a *failure* (returned: `{ _tag: "Err", error }`, or `fail(error)`) or a *defect* (thrown).
 * Both are an `Err`, both can be caught, and `isDefect` still tells them apart, all the way to the caller.
 */
export type Result<E, A> =
  { readonly _tag: "Ok"; readonly value: A } | { readonly _tag: "Err"; readonly error: E };

export type Err<E> = { readonly _tag: "Err"; readonly error: E };

/** How an operation ended, as its finalizers are told. */
export type Cause = "ok" | "error" | "interrupted";

const DEFECT = Symbol("phyxius.effect.defect");

export function ok<A>(value: A): Result<never, A> {
  return { _tag: "Ok", value };
}

export function err<E>(error: E): Err<E> {
  return { _tag: "Err", error };
}

/** An `Err` whose error was thrown. The mark cannot be seen by `toEqual`, `JSON` or a spread. */
export function defect(error: unknown): Err<unknown> {
  const result = { _tag: "Err" as const, error };
  Object.defineProperty(result, DEFECT, { value: true });
  return result;
}

/** True when the error of this result was thrown by somebody's code rather than returned as a failure. */
export function isDefect(result: Result<unknown, unknown>): boolean {
  return DEFECT in result;
}

/** A function may return a `Result` or simply a value; only the exact shape counts as a `Result`. */
export function isResult(value: unknown): value is Result<unknown, unknown> {
  if (typeof value !== "object" || value === null || !("_tag" in value)) return false;
  return (value._tag === "Ok" && "value" in value) || (value._tag === "Err" && "error" in value);
}

export function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}
