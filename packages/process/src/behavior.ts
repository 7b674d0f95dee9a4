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
import { requireSpec } from "./validate.ts";

export interface Behavior<TMsg, TState, TCtx> {
  readonly name: string;
  readonly maxInbox: number | undefined;
  readonly mailboxPolicy: MailboxPolicy | undefined;
  readonly supervision: SupervisionStrategy;
  readonly ctx: TCtx;
  init(tools: Tools<TMsg, TCtx>): TState | PromiseLike<TState>;
  /** The next state, or undefined to keep it. */
  handle(state: TState, msg: TMsg, tools: Tools<TMsg, TCtx>): TState | void | PromiseLike<TState | void>;
  onStop(state: TState, reason: StopReason): unknown;
}

export function behaviorOfSpec<TMsg, TState, TCtx>(
  spec: ProcessSpec<TMsg, TState, TCtx>,
  ctx: TCtx,
): Behavior<TMsg, TState, TCtx> {
  requireSpec(spec);
  return {
    ...optionsOf(spec, { type: "none" }),
    ctx,
    init: (tools) => (spec.init === undefined ? (undefined as TState) : spec.init(ctx, tools)),
    handle: (state, msg, tools) => spec.handle(state, msg, tools),
    onStop: (state, reason) => spec.onStop?.(state, reason, ctx),
  };
}

export function behaviorOfHandler<TMsg>(
  spec: HandlerSpec<TMsg>,
  supervision: SupervisionStrategy,
): Behavior<TMsg, unknown, undefined> {
  requireSpec(spec);
  return {
    ...optionsOf(spec, supervision),
    ctx: undefined,
    init: (tools) => spec.init?.(undefined, tools),
    handle: (_state, msg, tools) => spec.handle(msg, tools),
    onStop: (_state, reason) => spec.onStop?.(undefined, reason, undefined),
  };
}

function optionsOf(spec: ProcessOptions, supervision: SupervisionStrategy) {
  return {
    name: spec.name ?? "process",
    maxInbox: spec.maxInbox,
    mailboxPolicy: spec.mailboxPolicy,
    supervision: spec.supervision ?? supervision,
  };
}
