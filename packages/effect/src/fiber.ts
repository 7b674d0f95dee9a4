/** Handles of running effects: of a forked one, or of any promise that somebody can cancel. */
import { caught } from "./errors.ts";
import type { EmitFn } from "./events.ts";
import { FiberRuntime, registerHandle } from "./fiber-runtime.ts";
import { standaloneId } from "./ids.ts";
import { launch } from "./launch.ts";
import { type Program, exitToResult, wait } from "./program.ts";
import { type Result, ok } from "./result.ts";
import type { Effect, Fiber } from "./types.ts";

/** Turns a program into an effect. Passed in, because effects fork fibers and fibers are made of effects. */
export type AsEffect = <E, A>(program: Program) => Effect<E, A>;

/** Starts the source as a child and results in its handle. */
export function forkProgram(source: Program, emit: EmitFn | undefined, asEffect: AsEffect): Program {
  return wait((_fiber, context, resume) => {
    const child = FiberRuntime.childOf(context);
    launch(child, source, emit);
    resume(ok(handleOf(child, asEffect)));
    return undefined;
  });
}

function handleOf(target: FiberRuntime, asEffect: AsEffect): Fiber<unknown, unknown> {
  const join = wait((_fiber, _context, resume) => target.onExit((exit) => resume(exitToResult(exit))));
  const interrupt = wait((fiber, _context, resume) => {
    target.interrupt();
    // Whoever interrupts itself, or what it is part of, cannot wait for its own end.
    if (!fiber.isWithin(target)) return target.onExit(() => resume(ok(undefined)));
    resume(ok(undefined));
    return undefined;
  });
  const poll = wait((_fiber, _context, resume) => {
    resume(ok(target.exit === undefined ? undefined : exitToResult(target.exit)));
    return undefined;
  });
  const handle: Fiber<unknown, unknown> = {
    get id() {
      return target.id;
    },
    join: () => asEffect(join),
    interrupt: () => asEffect(interrupt),
    poll: () => asEffect(poll),
  };
  registerHandle(handle, target);
  return handle;
}

/** A handle for a promise of a result and the function that cancels it. A rejection joins as a defect. */
export function standaloneFiber<E, A>(
  promise: Promise<Result<E, A>>,
  cancel: () => void,
  asEffect: AsEffect,
): Fiber<E, A> {
  const id = standaloneId("fiber");
  let result: Result<unknown, unknown> | undefined;
  const settled = promise.then(
    (value) => (result = value as Result<unknown, unknown>),
    (error: unknown) => (result = caught(error)),
  );
  const join = wait((_fiber, _context, resume) => {
    void settled.then(resume);
    return undefined;
  });
  return {
    id,
    join: () => asEffect(join),
    interrupt: () =>
      asEffect({
        kind: "call",
        fn: () => cancel(),
      }),
    poll: () => asEffect({ kind: "call", fn: () => ok(result) }),
  };
}
