/**
 * The one shape that both kinds of specification come down to.
 *
 * The functions stay methods of the specification: `spec.handle(…)` is called as written, so that `this` is the
 * specification for a method and whatever it was for an arrow function.
 */
import type {
  HandlerSpec,
  MailboxPolicy,
  ProcessOptions,
  ProcessSpec,
  StopReason,
  SupervisionStrategy,
  Tools,
} from "./types.ts";
import { requireSpec } from "./spec-checks.ts";

export interface Behavior<TMsg, TState, TCtx> {
  readonly name: string;
  readonly maxInbox: number;
  readonly mailboxPolicy: MailboxPolicy;
  readonly supervision: SupervisionStrategy;
  readonly ctx: TCtx;
  init(tools: Tools<TMsg, TCtx>): TState | PromiseLike<TState>;
  /** The next state, or undefined to keep it. */
  handle(state: TState, msg: TMsg, tools: Tools<TMsg, TCtx>): TState | void | PromiseLike<TState | void>;
  onStop(state: TState, reason: StopReason): unknown;
}

const INBOX_MAX = 1_024;
const NO_SUPERVISION: SupervisionStrategy = { type: "none" };

/** The options of a specification as they were when it was given. */
class Options {
  declare readonly name: string;
  declare readonly maxInbox: number;
  declare readonly mailboxPolicy: MailboxPolicy;
  declare readonly supervision: SupervisionStrategy;

  constructor(spec: ProcessOptions, supervision: SupervisionStrategy) {
    this.name = spec.name ?? "process";
    this.maxInbox = spec.maxInbox ?? INBOX_MAX;
    this.mailboxPolicy = spec.mailboxPolicy ?? "reject";
    this.supervision = spec.supervision ?? supervision;
  }
}

class SpecBehavior<TMsg, TState, TCtx> extends Options implements Behavior<TMsg, TState, TCtx> {
  declare readonly ctx: TCtx;
  declare private readonly spec: ProcessSpec<TMsg, TState, TCtx>;

  constructor(spec: ProcessSpec<TMsg, TState, TCtx>, ctx: TCtx) {
    super(spec, NO_SUPERVISION);
    this.spec = spec;
    this.ctx = ctx;
  }

  init(tools: Tools<TMsg, TCtx>): TState | PromiseLike<TState> {
    const { spec } = this;
    return spec.init === undefined ? (undefined as TState) : spec.init(this.ctx, tools);
  }

  handle(state: TState, msg: TMsg, tools: Tools<TMsg, TCtx>): TState | void | PromiseLike<TState | void> {
    return this.spec.handle(state, msg, tools);
  }

  onStop(state: TState, reason: StopReason): unknown {
    return this.spec.onStop?.(state, reason, this.ctx);
  }
}

class HandlerBehavior<TMsg> extends Options implements Behavior<TMsg, unknown, undefined> {
  readonly ctx = undefined;
  declare private readonly spec: HandlerSpec<TMsg>;

  constructor(spec: HandlerSpec<TMsg>, supervision: SupervisionStrategy) {
    super(spec, supervision);
    this.spec = spec;
  }

  init(tools: Tools<TMsg, undefined>): unknown {
    return this.spec.init?.(undefined, tools);
  }

  handle(_state: unknown, msg: TMsg, tools: Tools<TMsg, undefined>): unknown {
    return this.spec.handle(msg, tools);
  }

  onStop(_state: unknown, reason: StopReason): unknown {
    return this.spec.onStop?.(undefined, reason, undefined);
  }
}

export function behaviorOfSpec<TMsg, TState, TCtx>(
  spec: ProcessSpec<TMsg, TState, TCtx>,
  ctx: TCtx,
): Behavior<TMsg, TState, TCtx> {
  requireSpec(spec);
  return new SpecBehavior(spec, ctx);
}

export function behaviorOfHandler<TMsg>(
  spec: HandlerSpec<TMsg>,
  supervision: SupervisionStrategy,
): Behavior<TMsg, unknown, undefined> {
  requireSpec(spec);
  return new HandlerBehavior(spec, supervision);
}
