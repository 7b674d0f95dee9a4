/** The ways to start a process: alone, under a root supervisor, or under the handler-style supervisor. */
import type { Clock } from "@phyxius/clock";
import { requireClock } from "@phyxius/clock/argument-checks";
import { type Behavior, behaviorOfHandler, behaviorOfSpec } from "./behavior.ts";
import { LinkedList } from "./linked-list.ts";
import { ProcessError } from "./process-errors.ts";
import { createProcessCounter, createProcessId, processCounterOf } from "./process-id.ts";
import { type Child, Process } from "./process.ts";
import { Surroundings } from "./surroundings.ts";
import type {
  HandlerSpec,
  ProcessRef,
  ProcessSpec,
  RootSupervisorOptions,
  StopReason,
  SupervisionStrategy,
  SupervisorOptions,
} from "./types.ts";
import { requireSpec } from "./spec-checks.ts";

export interface RootSupervisor {
  spawn<TMsg, TState, TCtx = undefined>(spec: ProcessSpec<TMsg, TState, TCtx>, ctx: TCtx): ProcessRef<TMsg>;
  /** Stops its processes, the youngest first, and resolves when all have stopped. It spawns nothing more. */
  stop(reason?: StopReason): Promise<void>;
}

export interface HandlerSupervisor {
  /** Without other `supervision` in the specification, a process that fails is restarted, with growing waits. */
  // oxlint-disable-next-line no-explicit-any -- a handler need not say what its messages are
  spawn<TSpec extends HandlerSpec<any>>(spec: TSpec & ThisType<TSpec>): ProcessRef<MessageOf<TSpec>>;
  spawn<TMsg>(spec: HandlerSpec<TMsg>): ProcessRef<TMsg>;
  /** A full specification is recognised by its `init` and a `handle` of two parameters or more. */
  spawn<TMsg, TState, TCtx = undefined>(spec: ProcessSpec<TMsg, TState, TCtx>, ctx: TCtx): ProcessRef<TMsg>;
  /** Stops its processes, the youngest first, and resolves when all have stopped. It spawns nothing more. */
  stop(reason?: StopReason): Promise<void>;
}

/** The messages that a handler takes. */
export type MessageOf<TSpec> = TSpec extends { handle(message: infer TMsg, ...rest: never[]): unknown }
  ? TMsg
  : never;

/** How `createSupervisor` looks after a process that does not say how. */
const RESTART: SupervisionStrategy = {
  type: "one-for-one",
  backoff: { initial: 100, max: 30_000, factor: 2 },
};

/** Starts a process on its own. Nobody but the holder of the reference will stop it. */
export function spawn<TMsg, TState, TCtx = unknown>(
  spec: ProcessSpec<TMsg, TState, TCtx>,
  ctx: TCtx,
  clock: Clock,
  options?: Omit<SupervisorOptions, "clock">,
): ProcessRef<TMsg> {
  requireClock("clock", clock);
  const surroundings = new Surroundings({ ...options, clock }, processCounterOf(clock));
  const process = new Process(behaviorOfSpec(spec, ctx), surroundings, undefined);
  process.start();
  return process.ref;
}

/** A supervisor for processes with a state. */
export function createRootSupervisor(options: RootSupervisorOptions): RootSupervisor {
  requireClock("options.clock", options?.clock);
  const nursery = createNursery(new Surroundings(options, createProcessCounter()));
  return {
    spawn: (spec, ctx) => nursery.start(behaviorOfSpec(spec, ctx)),
    stop: nursery.stop,
  };
}

/** A supervisor for processes that are little more than a message handler. */
export function createSupervisor(options: SupervisorOptions = {}): HandlerSupervisor {
  if (options.clock !== undefined) requireClock("options.clock", options.clock);
  const nursery = createNursery(new Surroundings(options, createProcessCounter()));
  function spawnEither(spec: HandlerSpec<never> | ProcessSpec<never, unknown>, ctx?: unknown) {
    requireSpec(spec);
    const isFull = spec.init !== undefined && spec.handle.length >= 2;
    return isFull
      ? nursery.start(behaviorOfSpec(spec as ProcessSpec<never, unknown>, ctx))
      : nursery.start(behaviorOfHandler(spec as HandlerSpec<never>, RESTART));
  }
  return { spawn: spawnEither, stop: nursery.stop };
}

/** Processes that are stopped together. */
function createNursery(surroundings: Surroundings) {
  const children = new LinkedList<Child>();
  let stopped: Promise<void> | undefined;
  return {
    start: <TMsg, TState, TCtx>(behavior: Behavior<TMsg, TState, TCtx>): ProcessRef<TMsg> => {
      if (stopped !== undefined)
        throw new ProcessError("The supervisor is stopped: it cannot spawn", createProcessId(behavior.name));
      const process = new Process(behavior, surroundings, children);
      process.start();
      return process.ref;
    },
    stop: (reason: StopReason = "shutdown"): Promise<void> => {
      stopped ??= Promise.all(
        children
          .items()
          .reverse()
          .map((child) => child.stop(reason)),
      ).then(ignore);
      return stopped;
    },
  };
}

function ignore(): void {}
