import { CLIENT_PATIENCE_MS } from "../run/clients.ts";
import type { Operation } from "../run/history.ts";

/** Whether the client gave up on an operation: its own verdict, and not an answer "deadline" that came in time. */
export function isGivenUp({ error, returnUs, deadlineUs }: Operation): boolean {
  return error === "deadline" && returnUs >= deadlineUs + CLIENT_PATIENCE_MS * 1000;
}

/**
 * Whether the system itself answered an operation. It did not where the client gave up, where the machine crashed or
 * the run ended meanwhile, and where no machine was up.
 */
export function isAnswered(operation: Operation): boolean {
  const { machine, returnUs, error } = operation;
  if (machine === "none" || returnUs === Number.POSITIVE_INFINITY) return false;
  return error !== "crashed" && !isGivenUp(operation);
}
