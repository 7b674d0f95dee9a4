/** Programs that run other programs as children: `timeout`, `all`, `race`. Each ends only after all of them. */
import type { EmitFn } from "./events.ts";
import { FiberRuntime } from "./fiber-runtime.ts";
import { launch } from "./launch.ts";
import type { OperationContext } from "./operation-context.ts";
import { type Exit, type Program, wait } from "./program.ts";
import { report } from "./report.ts";
import { ok } from "./result.ts";

/** A program together with who wants to hear of it. */
export interface Branch {
  readonly program: Program;
  readonly emit: EmitFn | undefined;
}

/** The source as a child with a deadline. Its timer comes first: of two things due together it is the earlier. */
export function timeoutProgram(source: Program, timeoutMs: number, emit: EmitFn | undefined): Program {
  return wait((_fiber, context, resume) => {
    const child = FiberRuntime.childOf(context);
    const tell = (type: "effect:timeout:start" | "effect:timeout:triggered") => {
      if (emit !== undefined) report(emit, context, { type, timeoutMs });
    };
    const limit = () => child.limit(context.waitClock(), timeoutMs, () => tell("effect:timeout:triggered"));
    tell("effect:timeout:start");
    if (timeoutMs > 0) limit();
    child.start(source);
    // Without any time, only what needs no waiting at all is through by now.
    if (timeoutMs === 0) limit();
    child.onExit(resume);
    return undefined;
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
