/** From a program to a running fiber, a child of the operation whose context is handed in, or a root. */
import type { Clock } from "@phyxius/clock";
import type { CancelToken } from "./cancel-token.ts";
import type { Context } from "./context.ts";
import type { EffectEvent, EmitFn } from "./events.ts";
import { FiberRuntime } from "./fiber-runtime.ts";
import { OperationContext } from "./operation-context.ts";
import type { Exit, Program } from "./program.ts";
import { type Unstamped, report } from "./report.ts";
import { isDefect } from "./result.ts";
import type { RunOptions } from "./types.ts";

/** A new fiber for a run in this surrounding, or undefined when the surrounding starts nothing more. */
export function createFiberIn(surrounding: RunOptions | Context | undefined): FiberRuntime | undefined {
  if (surrounding instanceof OperationContext)
    return surrounding.admitsChildren ? FiberRuntime.childOf(surrounding) : undefined;
  const given = (surrounding ?? {}) as RunOptions & Partial<Context>;
  const cancel: CancelToken | undefined = given.cancel;
  if (cancel?.isCanceled() === true) return undefined;
  const outer = isContext(given) ? given : undefined;
  const clock = given.clock ?? outer?.get<Clock>("clock");
  const fiber = new FiberRuntime({ owner: undefined, outer, clock, generateId: given.generateId });
  const unlink = cancel?.onCancel(() => fiber.interrupt());
  if (unlink !== undefined) fiber.onExit(unlink);
  return fiber;
}

/** Starts the fiber, with the events of a run. */
export function launch(fiber: FiberRuntime, program: Program, emit: EmitFn | undefined): void {
  if (emit !== undefined) {
    report(emit, fiber.context, { type: "effect:start" });
    fiber.onExit((exit) => report(emit, fiber.context, endEvent(exit)));
  }
  fiber.start(program);
}

function endEvent(exit: Exit): Unstamped<EffectEvent> {
  if (exit._tag === "Ok") return { type: "effect:success" };
  if (exit._tag === "Err") return { type: "effect:error", error: exit.error, defect: isDefect(exit) };
  return { type: "effect:error", error: { _tag: "Interrupted" }, defect: false };
}

function isContext(given: object): given is Context {
  return "get" in given && typeof given.get === "function";
}
