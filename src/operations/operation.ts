import { EffectInterruptedError, EffectTimeoutError, type RunContext } from "@phyxius/effect";
import { CacheError, IndeterminateError, PolicyError, UnavailableError } from "../errors.ts";
import type { Backoff } from "./backoff.ts";
import type { Gather } from "../replication/gather.ts";
import type { Version } from "../local/version.ts";

export type OperationKind = "get" | "set" | "delete" | "touch" | "compareAndSet" | "load";

/** One operation of a client, from its start to its end. */
export interface Operation {
  readonly kind: OperationKind;
  readonly key: string;
  /** Counted from 1 in this life of the node. */
  readonly number: number;
  /** `node@incarnation#number`; stands in the audit log, and as "operation" in the context. */
  readonly id: string;
  /** When it started, in milliseconds of the time in which records expire: see `TtlClock`. */
  readonly startedMs: number;
  /** The same by the monotonic clock. */
  readonly startedMonoMs: number;
  readonly deadlineMs: number;
  readonly context: RunContext;
  /** True from the moment on when a write may take effect, here or anywhere. Set before anything is sent. */
  mayHaveHappened: boolean;
  /** The newest version that a get met, live or not; null: none at all, or a policy without versions. */
  seen: Version | null;
  /** What it waits for at the moment, or waited for last. */
  gather: Gather | null;
  /** Sends again what got no answer; runs from the first wait to the end of the operation. */
  retries: Backoff | null;
}

/**
 * What the caller is told of an operation that its deadline or `stop` cut off, or in which the policy threw what is
 * no error of the cache; any other error as it is.
 */
export function explainEnd(operation: Omit<Operation, "context">, error: unknown): unknown {
  const isTimeout = error instanceof EffectTimeoutError;
  if (!isTimeout && !(error instanceof EffectInterruptedError)) {
    return error instanceof CacheError ? error : explainBug(operation, error);
  }
  const { kind, key, deadlineMs, gather, mayHaveHappened } = operation;
  const answers = gather?.answers() ?? null;
  const when = isTimeout ? `within ${deadlineMs} ms` : "before the cache was stopped";
  const who =
    answers === null
      ? ""
      : ` (${answers.needed} replicas were needed; answered: ${names(answers.answered)}; ` +
        `silent: ${names(answers.silent)})`;
  return mayHaveHappened
    ? new IndeterminateError(
        `${kind} of "${key}" was not confirmed ${when}${who}; it may have happened, so read before you rely on it`,
        answers,
      )
    : new UnavailableError(`${kind} of "${key}" did not end ${when}${who}; try again later`, answers);
}

function explainBug({ kind, key, mayHaveHappened }: Omit<Operation, "context">, error: unknown): CacheError {
  const thrown = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const text = `${kind} of "${key}": the policy threw "${thrown}", which is a bug in it`;
  return mayHaveHappened
    ? new IndeterminateError(`${text}; it may have happened, so read before you rely on it`, null, error)
    : new PolicyError(text, error);
}

function names(nodes: readonly string[]): string {
  return nodes.length === 0 ? "none" : nodes.join(", ");
}
