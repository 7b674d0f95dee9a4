/** Telling whoever asked with `emit`. */
import type { EffectEvent, EmitFn } from "./events.ts";
import type { OperationContext } from "./operation-context.ts";

/** Omits the part that `report` adds. */
export type Unstamped<Event> = Event extends unknown ? Omit<Event, "effectId" | "timestamp"> : never;

/** Adds the id of the operation and the time, and swallows what `emit` throws. */
export function report(emit: EmitFn, context: OperationContext, event: Unstamped<EffectEvent>): void {
  const effectId = context.operation.id;
  try {
    emit({ ...event, effectId, timestamp: context.waitClock().now().wallMs });
  } catch {
    // Watching must not change what is watched.
  }
}
