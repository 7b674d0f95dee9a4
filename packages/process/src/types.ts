/** The public face of processes. */
import type { Clock, Millis } from "@phyxius/clock";
import type { Journal } from "@phyxius/journal";
import type { EmitFn } from "./events.ts";
import type { ProcessId } from "./process-id.ts";

export type ProcessStatus = "starting" | "running" | "stopping" | "stopped" | "failed";

/** Why a process ends: what `stop` was given, or the error that failed it. */
export type StopReason =
  "normal" | "shutdown" | "error" | { readonly type: "error"; readonly error: unknown };

export type MailboxPolicy = "reject" | "drop-oldest";

export interface Backoff {
  /** The wait before the first restart. */
  readonly initial: number;
  /** No wait is longer, jitter aside. */
  readonly max: number;
  /** What each wait is multiplied by to get the next. */
  readonly factor: number;
  /** Percent: 10 spreads a wait evenly over 90 to 110 %. Without an injected `random` there is no jitter. */
  readonly jitter?: number | undefined;
}

export interface SupervisionStrategy {
  /** `one-for-one` restarts the failed process and no other. */
  readonly type: "none" | "one-for-one";
  /** How long to wait before a restart. At once by default, though never twice in one millisecond. */
  readonly backoff?: Backoff | undefined;
  /** One failure more than `count` restarts within `within` ms, and it gives up. Never by default. */
  readonly maxRestarts?: { readonly count: number; readonly within: number } | undefined;
}

/** What both kinds of specification may say. */
export interface ProcessOptions {
  readonly name?: string | undefined;
  /** How many messages may wait. 1024 by default. */
  readonly maxInbox?: number | undefined;
  /** What happens to a message that finds the mailbox full: `reject` (the default) it, or `drop-oldest`. */
  readonly mailboxPolicy?: MailboxPolicy | undefined;
  readonly supervision?: SupervisionStrategy | undefined;
}

/** A process with a state. Its functions are called as methods of the specification. */
export interface ProcessSpec<TMsg, TState, TCtx = unknown> extends ProcessOptions {
  readonly name: string;
  /** Makes the first state of each life. `tools` belong to that life: what it schedules ends with it. */
  init(ctx: TCtx, tools: Tools<TMsg, TCtx>): TState | Promise<TState>;
  /** Handles one message and returns the next state, or nothing to keep the state. Throwing fails the process. */
  handle(state: TState, msg: TMsg, tools: Tools<TMsg, TCtx>): TState | void | Promise<TState | void>;
  /** Ends a life, whether it was stopped or failed: once for each `init` that succeeded. */
  onStop?(state: TState, reason: StopReason, ctx: TCtx): void | Promise<void>;
}

/** A process whose state is somewhere else, in a closure or in `this`. Called as methods of the specification. */
export interface HandlerSpec<TMsg> extends ProcessOptions {
  init?(ctx: undefined, tools: Tools<TMsg, undefined>): unknown;
  handle(message: TMsg, tools: Tools<TMsg, undefined>): unknown;
  onStop?(state: undefined, reason: StopReason, ctx: undefined): void | Promise<void>;
}

/** What a process may do to the world. It belongs to one life of the process and is dead after it. */
export interface Tools<TMsg, TCtx> {
  readonly clock: Clock;
  readonly journal?: ProcessJournal | undefined;
  readonly emit?: EmitFn | undefined;
  readonly ctx: TCtx;
  /** Starts a child. It stops when this life ends. */
  spawn<M, S, C>(spec: ProcessSpec<M, S, C>, ctx: C): ProcessRef<M>;
  /** Asks another process: the same as its `ask`. */
  ask<M, R>(target: ProcessRef<M>, build: (reply: (answer: R) => void) => M, timeout?: number): Promise<R>;
  /** Waits for a callback, bounded by a timeout and by this life. */
  ask<R>(
    description: string,
    start: (resolve: (answer: R) => void, reject: (error: unknown) => void) => void,
    timeout?: number,
  ): Promise<R>;
  /** Sends this process a message after a while; zero is as soon as possible. Returns how to call it off. */
  schedule(after: Millis | number, msg: TMsg): () => void;
}

/** The address of a process. It stays the same through all its lives. */
export interface ProcessRef<TMsg> {
  readonly id: ProcessId;
  readonly name: string;
  /** Puts a message into the mailbox. False when it was not taken: the mailbox is full, or nobody will read it. */
  send(msg: TMsg): boolean;
  /** Sends a question and waits for `reply` to be called; `TimeoutError` after `timeout` ms, 5000 by default. */
  ask<R>(build: (reply: (answer: R) => void) => TMsg, timeout?: number): Promise<R>;
  /** Waits for the message in hand, drops the others, stops the children, and resolves when all is over. */
  stop(reason?: StopReason): Promise<void>;
  status(): ProcessStatus;
}

/** What a process needs of a journal, whatever its entries are. */
// oxlint-disable-next-line no-explicit-any -- a journal of any entries will do
export type ProcessJournal = Pick<Journal<any>, "append">;

export interface SupervisorOptions {
  /** The system clock by default, made when first needed. */
  readonly clock?: Clock | undefined;
  readonly emit?: EmitFn | undefined;
  readonly journal?: ProcessJournal | undefined;
  /** Numbers from 0 to 1 for the jitter of waits. None by default, and then there is no jitter. */
  readonly random?: (() => number) | undefined;
  /** Makes the identifiers of its processes. By default `name-1`, `name-2`, … counted by each supervisor. */
  readonly generateId?: ((name: string) => string) | undefined;
}

export interface RootSupervisorOptions extends SupervisorOptions {
  readonly clock: Clock;
}
