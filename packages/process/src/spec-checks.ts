import { InvalidArgumentError } from "@phyxius/clock";
import { requireDuration, requireFunction } from "@phyxius/clock/argument-checks";
import type { ProcessOptions, SupervisionStrategy } from "./types.ts";

/** Checks a specification before anything of it runs. */
export function requireSpec(
  spec: ProcessOptions & { readonly init?: unknown; readonly onStop?: unknown },
): void {
  if (typeof spec !== "object" || spec === null)
    throw new InvalidArgumentError("A process needs a specification", "spec", spec);
  const { name, maxInbox, mailboxPolicy, supervision, init, onStop } = spec;
  if (name !== undefined && typeof name !== "string")
    throw new InvalidArgumentError("A name is a string", "spec.name", name);
  requireFunction("spec.handle", (spec as { readonly handle?: unknown }).handle);
  if (init !== undefined) requireFunction("spec.init", init);
  if (onStop !== undefined) requireFunction("spec.onStop", onStop);
  if (maxInbox !== undefined && (!Number.isSafeInteger(maxInbox) || maxInbox < 1))
    throw new InvalidArgumentError("A mailbox holds one message or more", "spec.maxInbox", maxInbox);
  if (mailboxPolicy !== undefined && mailboxPolicy !== "reject" && mailboxPolicy !== "drop-oldest")
    throw new InvalidArgumentError(
      'A full mailbox can "reject" or "drop-oldest"',
      "spec.mailboxPolicy",
      mailboxPolicy,
    );
  if (supervision !== undefined) requireStrategy("spec.supervision", supervision);
}

export function requireStrategy(argument: string, strategy: SupervisionStrategy): void {
  if (strategy?.type !== "none" && strategy?.type !== "one-for-one")
    throw new InvalidArgumentError('It is "none" or "one-for-one"', `${argument}.type`, strategy?.type);
  const { backoff, maxRestarts } = strategy;
  if (backoff !== undefined) {
    requireDuration(`${argument}.backoff.initial`, backoff.initial);
    requireDuration(`${argument}.backoff.max`, backoff.max);
    if (!Number.isFinite(backoff.factor) || backoff.factor < 0)
      throw new InvalidArgumentError(
        "A factor is zero or more",
        `${argument}.backoff.factor`,
        backoff.factor,
      );
    const { jitter } = backoff;
    if (jitter !== undefined && !(jitter >= 0 && jitter <= 100))
      throw new InvalidArgumentError("Jitter is 0 to 100 percent", `${argument}.backoff.jitter`, jitter);
  }
  if (maxRestarts !== undefined) {
    const { count, within } = maxRestarts;
    if (!Number.isSafeInteger(count) || count < 0)
      throw new InvalidArgumentError("A count is zero or more", `${argument}.maxRestarts.count`, count);
    requireDuration(`${argument}.maxRestarts.within`, within);
  }
}
