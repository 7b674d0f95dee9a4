import { describeValue } from "./describe-value.ts";

/**
 * The one error for bad input in all `@phyxius` packages. Whoever throws it has changed nothing.
 *
 * @example
 * clock.interval(ms(-5), tick);
 * // InvalidArgumentError: Interval must be positive and whole milliseconds: period = -5
 */
export class InvalidArgumentError extends RangeError {
  override readonly name: string = "InvalidArgumentError";
  /** The argument or option at fault, as the caller spells it: `period`, `options.maxEntries`. */
  readonly argument: string;
  /** What was given. */
  readonly value: unknown;

  constructor(requirement: string, argument: string, value: unknown, options?: ErrorOptions) {
    super(`${requirement}: ${argument} = ${describeValue(value)}`, options);
    this.argument = argument;
    this.value = value;
  }
}
