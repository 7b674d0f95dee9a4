import { InvalidArgumentError } from "@phyxius/clock";

/** A duration is a whole number of milliseconds, zero or more. */
export function requireDuration(argument: string, value: unknown): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0)
    throw new InvalidArgumentError("A duration must be whole milliseconds, zero or more", argument, value);
  return value;
}

export function requireFunction(argument: string, value: unknown): void {
  if (typeof value !== "function") throw new InvalidArgumentError("It must be a function", argument, value);
}
