/** Programs that run other programs as children: `timeout`, `all`, `race`. Each ends only after all of them. */
import { timeoutFailure } from "./errors.ts";
import type { EmitFn } from "./events.ts";
import { FiberRuntime } from "./fiber-runtime.ts";
import { launch, report } from "./launch.ts";
import { startTimer } from "./one-shot-timer.ts";
import type { OperationContext } from "./operation-context.ts";
import { type Exit, type Program, wait } from "./program.ts";
import { err, ok } from "./result.ts";

/** A program together with who wants to hear of it. */
export interface Branch {
  readonly program: Program;
  readonly emit: EmitFn | undefined;
}

export function timeoutProgram(source: Program, timeoutMs: number, emit: EmitFn | undefined): Program {
  return wait((_fiber, context, resume) => {
    if (emit !== undefined) report(emit, context, { type: "effect:timeout:start", timeoutMs });
    let isLate = false;
    const child = FiberRuntime.childOf(context);
    const expire = () => {
      if (child.exit !== undefined) return;
      isLate = true;
      if (emit !== undefined) report(emit, context, { type: "effect:timeout:triggered", timeoutMs });
      child.interrupt();
    };
    // The timer comes first, so that of two things due together the timeout is always the earlier one.
    const clock = context.waitClock();
    child.tightenDeadline(clock, timeoutMs);
    const stopTimer = timeoutMs > 0 ? startTimer(clock, timeoutMs, expire) : undefined;
    child.onExit((exit) => {
      stopTimer?.();
      resume(isLate ? err(timeoutFailure(timeoutMs)) : exit);
    });
    child.start(source);
    if (timeoutMs === 0) expire();
    return stopTimer;
  });
}

export function allProgram(branches: readonly Branch[]): Program {
  return wait((_fiber, context, resume) => {
    const children = startAll(branches, context);
    const values: unknown[] = Array.from({ length: children.length });
    let running = children.length;
    let failure: Exit | undefined;
    if (running === 0) resume(ok(values));
    children.forEach((child, index) =>
      child.onExit((exit) => {
        if (exit._tag === "Ok") {
          values[index] = exit.value;
        } else if (failure === undefined) {
          failure = exit;
          for (const other of children) other.interrupt();
        }
        if (--running === 0) resume(failure ?? ok(values));
      }),
    );
    return undefined;
  });
}

export function raceProgram(branches: readonly Branch[]): Program {
  return wait((_fiber, context, resume) => {
    const children = startAll(branches, context);
    let running = children.length;
    let winner: Exit | undefined;
    for (const child of children)
      child.onExit((exit) => {
        if (winner === undefined) {
          winner = exit;
          for (const other of children) other.interrupt();
        }
        if (--running === 0) resume(winner);
      });
    return undefined;
  });
}

/** Every branch starts, in order, even when an early one decides the matter at once: it is interrupted then. */
function startAll(branches: readonly Branch[], context: OperationContext): FiberRuntime[] {
  return branches.map(({ program, emit }) => {
    const child = FiberRuntime.childOf(context);
    launch(child, program, emit);
    return child;
  });
}
