/** `retry`: attempts with growing waits between them, each attempt with finalizers of its own. */
import { InvalidArgumentError } from "@phyxius/clock";
import { requireDuration } from "@phyxius/clock/argument-checks";
import { startTimer } from "@phyxius/clock/one-shot-timer";
import type { EmitFn } from "./events.ts";
import { report } from "./report.ts";
import { type Program, andThen, done, wait } from "./program.ts";
import { ok } from "./result.ts";
import type { RetryPolicy } from "./types.ts";

export function retryProgram(source: Program, policy: RetryPolicy, emit: EmitFn | undefined): Program {
  const { maxAttempts, baseDelayMs, maxDelayMs = Number.POSITIVE_INFINITY, backoffFactor = 2 } = policy;

  function attempt(number: number, delayMs: number): Program {
    const announced = andThen(NOTHING, (_result, context) => {
      if (emit !== undefined)
        report(emit, context, { type: "effect:retry:attempt", attempt: number, maxAttempts });
      return { kind: "scoped", source };
    });
    return andThen(announced, (result, context) => {
      if (result._tag === "Ok") {
        if (emit !== undefined) report(emit, context, { type: "effect:retry:success", attempt: number });
        return undefined;
      }
      if (number >= maxAttempts) {
        if (emit !== undefined) report(emit, context, { type: "effect:retry:exhausted", attempts: number });
        return undefined;
      }
      if (emit !== undefined) report(emit, context, { type: "effect:retry:delay", attempt: number, delayMs });
      const nextDelayMs = Math.min(delayMs * backoffFactor, maxDelayMs);
      return andThen(sleepProgram(delayMs), () => attempt(number + 1, nextDelayMs));
    });
  }

  return attempt(1, Math.min(baseDelayMs, maxDelayMs));
}

export function sleepProgram(durationMs: number): Program {
  if (durationMs <= 0) return NOTHING;
  return wait((_fiber, context, resume) => {
    const timer = startTimer(context.waitClock(), durationMs, { onDue: () => resume(DONE) });
    return () => timer.cancel();
  });
}

export function requireRetryPolicy(policy: RetryPolicy): void {
  if (typeof policy !== "object" || policy === null)
    throw new InvalidArgumentError("A retry needs a policy", "policy", policy);
  const { maxAttempts, baseDelayMs, maxDelayMs, backoffFactor = 2 } = policy;
  if (!Number.isSafeInteger(maxAttempts) || maxAttempts < 1)
    throw new InvalidArgumentError("There must be at least one attempt", "policy.maxAttempts", maxAttempts);
  requireDuration("policy.baseDelayMs", baseDelayMs);
  if (maxDelayMs !== undefined) requireDuration("policy.maxDelayMs", maxDelayMs);
  if (!Number.isFinite(backoffFactor) || backoffFactor < 0)
    throw new InvalidArgumentError("A factor must be zero or more", "policy.backoffFactor", backoffFactor);
}

const DONE = ok(undefined);
const NOTHING = done(DONE);
