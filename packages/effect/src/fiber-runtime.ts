/**
 * The interpreter: carries out one program, step by step, as one operation.
 *
 * It goes on synchronously for as long as it can and suspends at a promise or a wait; so a chain of any length
 * needs no more promise jobs than the user's own promises do, and any depth of recursion no stack.
 *
 * Interruption in one place: `interrupt` asks; the loop obeys as soon as no shield is up, by abandoning the
 * wait, raising the token, ending the children, and then unwinding the frames with `INTERRUPTED`.
 */
import type { Clock } from "@phyxius/clock";
import type { Context } from "./context.ts";
import { type RunFunction, runNested } from "./effect-run.ts";
import { caught, timeoutFailure } from "./errors.ts";
import { FinalizerScope } from "./finalizer-scope.ts";
import type { IdGenerator } from "./ids.ts";
import { OperationContext } from "./operation-context.ts";
import { Operation } from "./operation.ts";
import {
  type Continue,
  type Exit,
  INTERRUPTED,
  type Program,
  type StartWait,
  causeOf,
  wait,
} from "./program.ts";
import { type Cause, type Result, err, isPromiseLike, isResult, ok } from "./result.ts";

/** What is to be done with the exit of the program that was started above it. */
type Frame =
  | { readonly kind: "then"; readonly next: Continue }
  | { readonly kind: "restore"; readonly context: OperationContext }
  | { readonly kind: "scoped"; readonly context: OperationContext; readonly scope: FinalizerScope }
  | { readonly kind: "onInterrupt"; readonly cleanup: () => Program }
  | {
      readonly kind: "acquired";
      readonly context: OperationContext;
      readonly use: (resource: unknown) => Program;
      readonly release: Release;
    }
  | { readonly kind: "release"; readonly resource: unknown; readonly release: Release }
  | { readonly kind: "unshield"; readonly context: OperationContext; readonly exit: Exit };

type Release = (resource: unknown, cause: Cause) => Program;

export interface FiberOptions {
  readonly owner: Operation | undefined;
  readonly outer: Context | undefined;
  readonly clock: Clock | undefined;
  readonly generateId?: IdGenerator | undefined;
}

export class FiberRuntime extends Operation {
  readonly context: OperationContext;
  /** How it ended, once it has. */
  exit: Exit | undefined;
  private current: OperationContext;
  private nextProgram: Program | undefined;
  private nextExit: Exit | undefined;
  private readonly frames: Frame[] = [];
  private observers: Set<(exit: Exit) => void> | undefined;
  private isLooping = false;
  /** Counts the waits, so that a late resume of an abandoned one is recognised. */
  private waitNumber = 0;
  private abandonWait: (() => void) | undefined;
  private shields = 0;
  private isInterruptAsked = false;
  private isUnwinding = false;
  private interruptReason: Error | undefined;
  /** Set when it was its own deadline that interrupted it. */
  private lateMs: number | undefined;

  constructor(options: FiberOptions) {
    super(options.owner, options.generateId);
    this.context = this.current = new OperationContext(this, options.clock, options.outer);
  }

  /** A child with the clock and the values of this context. Nothing runs until `start`. */
  static childOf(parent: OperationContext): FiberRuntime {
    return new FiberRuntime({ owner: parent.operation, outer: parent, clock: parent.clock });
  }

  start(program: Program): void {
    this.nextProgram = program;
    this.loop();
  }

  interrupt(reason?: Error): void {
    if (this.isInterruptAsked || !this.isRunning) return;
    this.isInterruptAsked = true;
    this.interruptReason = reason;
    this.loop();
  }

  protected override get canExpire(): boolean {
    return this.isRunning && !this.isInterruptAsked;
  }

  protected expire(timeoutMs: number): void {
    this.lateMs = timeoutMs;
    this.interrupt();
  }

  runWithin<A>(context: OperationContext, timeoutMs: number, fn: RunFunction<A>): Promise<A> {
    return runNested(context, timeoutMs, fn);
  }

  /** Calls back with the exit: when it has ended, or at once if it has. */
  onExit(observer: (exit: Exit) => void): () => void {
    if (this.exit !== undefined) {
      observer(this.exit);
      return ignore;
    }
    const observers = (this.observers ??= new Set());
    observers.add(observer);
    return () => {
      observers.delete(observer);
    };
  }

  private get mustUnwind(): boolean {
    return this.isInterruptAsked && !this.isUnwinding && this.shields === 0;
  }

  private loop(): void {
    if (this.isLooping) return;
    this.isLooping = true;
    while (this.isRunning) {
      const program = this.nextProgram;
      const exit = this.nextExit;
      if (this.mustUnwind) {
        this.unwind();
      } else if (program !== undefined) {
        this.nextProgram = undefined;
        this.step(program);
      } else if (exit !== undefined) {
        this.nextExit = undefined;
        this.leaveFrame(exit);
      } else {
        break;
      }
    }
    this.isLooping = false;
  }

  private unwind(): void {
    this.isUnwinding = true;
    this.nextProgram = undefined;
    this.nextExit = undefined;
    this.waitNumber++;
    const abandon = this.abandonWait;
    this.abandonWait = undefined;
    abandon?.();
    this.interruptWithin(this.interruptReason, () => {
      this.nextExit = INTERRUPTED;
      this.loop();
    });
  }

  private step(program: Program): void {
    switch (program.kind) {
      case "done":
        this.nextExit = program.result;
        return;
      case "call":
        this.call(program.fn);
        return;
      case "wait":
        this.suspend(program.start);
        return;
      case "then":
        this.frames.push({ kind: "then", next: program.next });
        this.nextProgram = program.source;
        return;
      case "within":
        this.frames.push({ kind: "restore", context: this.current });
        this.current = program.derive(this.current);
        this.nextProgram = program.source;
        return;
      case "scoped": {
        const scope = new FinalizerScope();
        this.frames.push({ kind: "scoped", context: this.current, scope });
        this.current = this.current.withScope(scope);
        this.nextProgram = program.source;
        return;
      }
      case "onInterrupt":
        this.frames.push({ kind: "onInterrupt", cleanup: program.cleanup });
        this.nextProgram = program.source;
        return;
      case "bracket":
        this.frames.push({
          kind: "acquired",
          context: this.current,
          use: program.use,
          release: program.release,
        });
        this.shields++;
        this.current = this.current.shielded();
        this.nextProgram = program.acquire;
        return;
    }
  }

  private call(fn: (env: OperationContext) => unknown): void {
    const waitNumber = ++this.waitNumber;
    const onError = (error: unknown) => this.resume(waitNumber, caught(error));
    try {
      const returned = fn(this.current);
      if (isPromiseLike(returned))
        returned.then((value) => this.resume(waitNumber, resultOf(value)), onError);
      else this.resume(waitNumber, resultOf(returned));
    } catch (error) {
      onError(error);
    }
  }

  private suspend(start: StartWait): void {
    const waitNumber = ++this.waitNumber;
    let abandon: (() => void) | undefined;
    try {
      abandon = start(this, this.current, (exit) => this.resume(waitNumber, exit));
    } catch (error) {
      this.resume(waitNumber, caught(error));
    }
    if (waitNumber === this.waitNumber) this.abandonWait = abandon;
  }

  private resume(waitNumber: number, exit: Exit): void {
    if (waitNumber !== this.waitNumber) return;
    this.waitNumber++;
    this.abandonWait = undefined;
    this.nextExit = exit;
    this.loop();
  }

  private leaveFrame(exit: Exit): void {
    const frame = this.frames.pop();
    if (frame === undefined) {
      this.finish(exit);
      return;
    }
    switch (frame.kind) {
      case "then":
        this.continueWith(frame.next, exit);
        return;
      case "restore":
        this.current = frame.context;
        this.nextExit = exit;
        return;
      case "scoped":
        this.current = frame.context;
        this.leaveScope(frame.scope, exit);
        return;
      case "onInterrupt":
        if (exit._tag === "Interrupted") this.runShielded(frame.cleanup, exit);
        else this.nextExit = exit;
        return;
      case "acquired":
        this.shields--;
        this.current = frame.context;
        if (exit._tag !== "Ok") {
          this.nextExit = exit;
          return;
        }
        this.frames.push({ kind: "release", resource: exit.value, release: frame.release });
        // When an interrupt is waiting, the loop sees it before it gets to `use`.
        if (this.mustUnwind) this.nextExit = exit;
        else this.proceed(() => frame.use(exit.value));
        return;
      case "release":
        this.runShielded(() => frame.release(frame.resource, causeOf(exit)), exit);
        return;
      case "unshield":
        this.shields--;
        this.current = frame.context;
        this.nextExit = frame.exit;
        return;
    }
  }

  private continueWith(next: Continue, exit: Exit): void {
    if (exit._tag === "Interrupted") {
      this.nextExit = exit;
      return;
    }
    try {
      this.nextProgram = next(exit, this.current);
    } catch (error) {
      this.nextExit = caught(error);
      return;
    }
    if (this.nextProgram === undefined) this.nextExit = exit;
  }

  private proceed(build: () => Program): void {
    try {
      this.nextProgram = build();
    } catch (error) {
      this.nextExit = caught(error);
    }
  }

  /** Runs a clean-up that nothing can interrupt and whose errors change nothing, then goes on with the exit. */
  private runShielded(cleanup: () => Program, exit: Exit): void {
    this.frames.push({ kind: "unshield", context: this.current, exit });
    this.shields++;
    this.current = this.current.shielded();
    this.proceed(cleanup);
  }

  private leaveScope(scope: FinalizerScope, exit: Exit): void {
    if (exit._tag === "Ok") {
      scope.moveTo(this.current.scope);
      this.nextExit = exit;
      return;
    }
    const closeScope = wait((_fiber, _context, resume) => {
      scope.closeThen(causeOf(exit), () => resume(ok(undefined)));
      return undefined;
    });
    this.runShielded(() => closeScope, exit);
  }

  private finish(exit: Exit): void {
    if (exit._tag === "Ok") this.handOver(exit.value);
    const isLate = exit._tag === "Interrupted" && this.lateMs !== undefined;
    this.endWith(causeOf(exit), () => {
      this.finished(isLate ? err(timeoutFailure(this.lateMs as number)) : exit);
    });
  }

  private finished(exit: Exit): void {
    this.exit = exit;
    const observers = this.observers;
    this.observers = undefined;
    if (observers !== undefined) for (const observer of observers) observer(exit);
  }

  /** Whoever receives the handle of a fiber owns the fiber: one that is returned outlives the one that forked it. */
  private handOver(value: unknown): void {
    for (const item of Array.isArray(value) ? (value as unknown[]) : [value]) {
      const child = runtimes.get(item as object);
      if (child !== undefined && !child.isEnded && child.isOwnedBy(this)) this.promote(child);
    }
  }
}

/** Which runtime a handle stands for. Handles are the keys, so this keeps nothing alive. */
const runtimes = new WeakMap<object, FiberRuntime>();

export function registerHandle(handle: object, runtime: FiberRuntime): void {
  runtimes.set(handle, runtime);
}

function resultOf(value: unknown): Result<unknown, unknown> {
  return isResult(value) ? value : ok(value);
}

function ignore(): void {}
