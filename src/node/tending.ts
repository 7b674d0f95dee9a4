import type { Conductor } from "../membership/conductor.ts";
import type { Operations } from "../operations/operations.ts";

/** For how many rounds of repair a change may seem to stand still. */
const PATIENCE_ROUNDS = 3;

/** Completes a change of members when whoever began it does not get on. Call it every round of repair. */
export function createTending(operations: Operations, conductor: Conductor): () => void {
  let pendingRounds = 0;
  let isFinishing = false;
  return () => {
    pendingRounds = conductor.isPending() ? pendingRounds + 1 : 0;
    if (pendingRounds < PATIENCE_ROUNDS || isFinishing) return;
    isFinishing = true;
    const over = (): void => {
      isFinishing = false;
    };
    operations.task((context) => conductor.finish(context), null).then(over, over);
  };
}
