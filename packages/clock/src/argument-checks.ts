/**
 * The checks that every package makes of what it is given. Each throws an `InvalidArgumentError` that names the
 * argument as the caller spells it, before anything has changed.
 */
import type { Clock } from "./clock.ts";
import { InvalidArgumentError } from "./invalid-argument.ts";

/** A duration is a whole number of milliseconds, zero or more. */
export function requireDuration(argument: string, value: unknown): void {
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0)
    throw new InvalidArgumentError("A duration must be whole milliseconds, zero or more", argument, value);
}

export function requireFunction(argument: string, value: unknown): void {
  if (typeof value !== "function") throw new InvalidArgumentError("It must be a function", argument, value);
}

/** Whatever tells the time will do: a program may bring a clock of its own. */
export function requireClock(argument: string, value: unknown): void {
  if (typeof (value as Clock | null | undefined)?.now !== "function")
    throw new InvalidArgumentError("It must be a clock", argument, value);
}
