/**
 * A process: a mailbox, a state, and one message at a time.
 *
 * It lives one life after the other. A life begins with `init` and ends when it fails or is stopped; all that the
 * life started (scheduled messages, children, questions) ends with it. The address, the mailbox and the
 * questions of others stay from life to life.
 *
 * The pump is driven by promise jobs, one message a job, so that processes take turns. An idle process holds no
 * timer and no job.
 */
import type { TimerHandle } from "@phyxius/clock";
import { requireDuration, requireFunction } from "@phyxius/clock/argument-checks";
import { startTimer } from "@phyxius/clock/one-shot-timer";
import { attempt, isPromiseLike } from "./attempt.ts";
import { type Behavior, behaviorOfSpec } from "./behavior.ts";
import { type ProcessEvent, emitQuietly, messageType } from "./events.ts";
import { Life } from "./life.ts";
import type { Linked, LinkedList } from "./linked-list.ts";
import { Mailbox, type Queued } from "./mailbox.ts";
import { type PendingAsk, PendingAsks } from "./pending-asks.ts";
import { ProcessError } from "./process-errors.ts";
import type { ProcessId } from "./process-id.ts";
import { type RestartDecision, type RestartPolicy, createRestartPolicy } from "./restart-policy.ts";
import { reportDecision } from "./supervisor.ts";
import type { Surroundings } from "./surroundings.ts";
import type { ProcessRef, ProcessSpec, ProcessStatus, StopReason } from "./types.ts";

const ASK_TIMEOUT_MS = 5_000;
const RESOLVED = Promise.resolve();

/** A process as those see it who stop it with others. */
export interface Child extends Linked<Child> {
  stop(reason: StopReason): Promise<void>;
}

/** A message on its way through the mailbox. */
class Item<TMsg> implements Queued<Item<TMsg>> {
  declare next: Item<TMsg> | undefined;
  declare readonly msg: TMsg;
  declare readonly seq: number;
  /** The question this message carries, if it is one. */
  declare readonly ask: PendingAsk | undefined;

  constructor(msg: TMsg, seq: number, ask: PendingAsk | undefined) {
    this.next = undefined;
    this.msg = msg;
    this.seq = seq;
    this.ask = ask;
  }
}

/** A message in hand, as its events tell of it. */
interface Turn<TMsg> {
  readonly item: Item<TMsg>;
  readonly msgType: string;
  readonly startedMs: number;
}

interface Stopping {
  readonly reason: StopReason;
  readonly promise: Promise<void>;
  readonly done: () => void;
}

export class Process<TMsg, TState, TCtx> implements Child {
  // `declare` and assignment: see `Life`.
  declare older: Child | undefined;
  declare newer: Child | undefined;
  declare isListed: boolean;
  declare readonly id: ProcessId;
  declare readonly behavior: Behavior<TMsg, TState, TCtx>;
  declare readonly surroundings: Surroundings;
  /** Those who are stopped with it. It leaves them when it will never run again. */
  declare private readonly siblings: LinkedList<Child> | undefined;
  declare private readonly mailbox: Mailbox<Item<TMsg>>;
  declare private readonly asks: PendingAsks;
  /** Made for the first failure. */
  declare private restarts: RestartPolicy | undefined;
  declare private status: ProcessStatus;
  declare private life: Life<TMsg, TState, TCtx> | undefined;
  declare private sequence: number;
  /** Somebody's function is running for this process: `init`, `handle` or what ends a life. */
  declare private isBusy: boolean;
  declare private isTurnQueued: boolean;
  /** It failed and will not be started again. */
  declare private isDown: boolean;
  declare private restartTimer: TimerHandle | undefined;
  declare private stopping: Stopping | undefined;
  declare private turnJob: (() => void) | undefined;
  declare private handle: ProcessRef<TMsg> | undefined;

  /** Makes a process that has not started. */
  constructor(
    behavior: Behavior<TMsg, TState, TCtx>,
    surroundings: Surroundings,
    siblings: LinkedList<Child> | undefined,
  ) {
    this.older = undefined;
    this.newer = undefined;
    this.isListed = false;
    this.id = surroundings.idFor(behavior.name);
    this.behavior = behavior;
    this.surroundings = surroundings;
    this.siblings = siblings;
    this.mailbox = new Mailbox(behavior.maxInbox, behavior.mailboxPolicy);
    this.asks = new PendingAsks();
    this.restarts = undefined;
    this.status = "starting";
    this.life = undefined;
    this.sequence = 0;
    this.isBusy = false;
    this.isTurnQueued = false;
    this.isDown = false;
    this.restartTimer = undefined;
    this.stopping = undefined;
    this.turnJob = undefined;
    this.handle = undefined;
  }

  /** The address that it has for others. */
  get ref(): ProcessRef<TMsg> {
    return (this.handle ??= this.createRef());
  }

  /** Begins the first life. */
  start(): void {
    this.siblings?.add(this);
    this.begin();
  }

  send(msg: TMsg): boolean {
    return this.enqueue(msg, undefined);
  }

  stop(reason: StopReason = "normal"): Promise<void> {
    if (this.stopping !== undefined) return this.stopping.promise;
    let resolveStop: () => void = () => {};
    const promise = new Promise<void>((resolve) => {
      resolveStop = resolve;
    });
    this.stopping = { reason, promise, done: () => resolveStop() };
    this.status = "stopping";
    this.restartTimer?.cancel();
    this.restartTimer = undefined;
    this.life?.cancelTimers();
    this.dropQueued(() => new ProcessError(`${this.id} was stopped`, this.id));
    if (!this.isBusy) this.finishStop();
    return promise;
  }

  createChild<M, S, C>(spec: ProcessSpec<M, S, C>, ctx: C, siblings: LinkedList<Child>): Process<M, S, C> {
    return new Process(behaviorOfSpec(spec, ctx), this.surroundings, siblings);
  }

  private createRef(): ProcessRef<TMsg> {
    const { id, behavior } = this;
    return {
      id,
      name: behavior.name,
      send: (msg) => this.enqueue(msg, undefined),
      ask: async (build, timeout = ASK_TIMEOUT_MS) => {
        requireFunction("build", build);
        requireDuration("timeout", timeout);
        const describeTimeout = () => `${id} did not answer within ${timeout}ms`;
        return this.asks.ask(
          { clock: this.surroundings.clock, timeoutMs: timeout, describeTimeout },
          (resolve, ask) => {
            if (!this.enqueue(build(resolve), ask)) ask.rejectWith(() => this.refusal());
          },
        );
      },
      stop: (reason) => this.stop(reason),
      status: () => this.status,
    };
  }

  private refusal(): ProcessError {
    const { id, status } = this;
    const why = status === "running" || status === "starting" ? "full" : status;
    return new ProcessError(`${id} does not take the question: it is ${why}`, id);
  }

  /** Callers ask first whether anybody listens, so that no event is made for nobody. */
  private report(event: ProcessEvent): void {
    emitQuietly(this.surroundings.emit as NonNullable<Surroundings["emit"]>, event);
  }

  private get isWatched(): boolean {
    return this.surroundings.emit !== undefined;
  }

  private wallMs(): number {
    return this.surroundings.clock.now().wallMs;
  }

  private begin(): void {
    const { id, behavior } = this;
    this.restartTimer = undefined;
    this.status = "starting";
    if (this.isWatched) this.report({ type: "process:start", id, name: behavior.name, at: this.wallMs() });
    const born = new Life<TMsg, TState, TCtx>(this);
    this.life = born;
    this.isBusy = true;
    attempt(
      () => behavior.init(born.tools),
      (state) => {
        this.isBusy = false;
        born.state = { value: state };
        if (this.stopping !== undefined) return this.finishStop();
        this.status = "running";
        if (this.isWatched) this.report({ type: "process:ready", id, startedAt: this.wallMs() });
        this.queueTurn();
      },
      (error) => {
        this.isBusy = false;
        this.fail(error);
      },
    );
  }

  private queueTurn(): void {
    if (this.isTurnQueued || this.isBusy || this.status !== "running" || this.mailbox.size === 0) return;
    this.isTurnQueued = true;
    void RESOLVED.then(this.turnJob ?? this.createTurnJob());
  }

  /** One function for all turns. */
  private createTurnJob(): () => void {
    // A constant first: see `Interval` of the clock package.
    const turnJob = () => this.takeTurn();
    this.turnJob = turnJob;
    return turnJob;
  }

  private takeTurn(): void {
    const { life, behavior } = this;
    this.isTurnQueued = false;
    if (this.isBusy || this.status !== "running" || life?.state === undefined) return;
    const item = this.mailbox.take();
    if (item === undefined) return;
    const { state } = life;
    const turn = this.isWatched ? this.reportStart(item) : undefined;
    this.isBusy = true;
    let next: TState | void | PromiseLike<TState | void>;
    try {
      next = behavior.handle(state.value, item.msg, life.tools);
    } catch (error) {
      this.failTurn(item, turn, error);
      return;
    }
    if (isPromiseLike(next))
      next.then(
        (value) => this.endTurn(state, turn, value),
        (error: unknown) => this.failTurn(item, turn, error),
      );
    else this.endTurn(state, turn, next);
  }

  private reportStart(item: Item<TMsg>): Turn<TMsg> {
    const { id } = this;
    const { seq } = item;
    const msgType = messageType(item.msg);
    const startedMs = this.surroundings.clock.now().monoMs;
    this.report({ type: "process:msg:start", id, msgType, seq, at: this.wallMs() });
    return { item, msgType, startedMs };
  }

  private endTurn(state: { value: TState }, turn: Turn<TMsg> | undefined, next: TState | void): void {
    this.isBusy = false;
    if (next !== undefined) state.value = next;
    if (turn !== undefined) {
      const { msgType, item, startedMs } = turn;
      const durationMs = this.surroundings.clock.now().monoMs - startedMs;
      this.report({ type: "process:msg:end", id: this.id, msgType, seq: item.seq, durationMs });
    }
    if (this.stopping !== undefined) this.finishStop();
    else this.queueTurn();
  }

  private failTurn(item: Item<TMsg>, turn: Turn<TMsg> | undefined, error: unknown): void {
    const { id } = this;
    this.isBusy = false;
    if (turn !== undefined)
      this.report({ type: "process:msg:error", id, msgType: turn.msgType, seq: item.seq, error });
    item.ask?.rejectWith(
      () => new ProcessError(`${id} failed while it handled the question`, id, { cause: error }),
    );
    this.fail(error);
  }

  private fail(error: unknown): void {
    const { id, surroundings } = this;
    this.reportFailure(error);
    if (this.stopping !== undefined) return this.finishStop();
    this.status = "failed";
    const decision = this.decideRestart();
    if (surroundings.emit !== undefined && decision !== undefined)
      reportDecision(surroundings.emit, id, decision);
    if (decision?.kind !== "restart") {
      this.isDown = true;
      this.dropAll(() => new ProcessError(`${id} has failed`, id, { cause: error }));
    }
    this.endCurrentLife({ type: "error", error }, () => {
      if (this.stopping !== undefined) this.finishStop();
      else if (decision?.kind === "restart") this.restartIn(decision.delayMs);
      else this.siblings?.remove(this);
    });
  }

  private decideRestart(): RestartDecision | undefined {
    const { supervision } = this.behavior;
    if (supervision.type === "none") return undefined;
    const { random, clock } = this.surroundings;
    this.restarts ??= createRestartPolicy(supervision, random);
    return this.restarts.decide(clock.now().monoMs);
  }

  private reportFailure(error: unknown): void {
    if (this.isWatched) this.report({ type: "process:fail", id: this.id, error, at: this.wallMs() });
  }

  private restartIn(delayMs: number): void {
    if (delayMs > 0) {
      this.restartTimer = startTimer(this.surroundings.clock, delayMs, { onDue: () => this.begin() });
      return;
    }
    // A job of its own, so that others get their turn between a failure and the next life.
    let isCanceled = false;
    this.restartTimer = {
      cancel() {
        isCanceled = true;
      },
    };
    void RESOLVED.then(() => {
      if (!isCanceled) this.begin();
    });
  }

  private endCurrentLife(reason: StopReason, done: () => void): void {
    const ended = this.life;
    this.life = undefined;
    if (ended === undefined) return done();
    this.isBusy = true;
    ended.end(
      (state) => this.behavior.onStop(state, reason),
      (error) => this.reportFailure(error),
      () => {
        this.isBusy = false;
        done();
      },
    );
  }

  /** Drops what waits in the mailbox, and with it the questions; one in hand may still be answered. */
  private dropQueued(makeError: () => ProcessError): void {
    for (const item of this.mailbox.drain()) item.ask?.rejectWith(makeError);
  }

  private dropAll(makeError: () => ProcessError): void {
    this.dropQueued(makeError);
    this.asks.rejectAll(makeError);
  }

  private finishStop(): void {
    const { id } = this;
    const { reason, done } = this.stopping as Stopping;
    this.dropAll(() => new ProcessError(`${id} was stopped`, id));
    this.endCurrentLife(reason, () => {
      this.status = "stopped";
      if (this.isWatched) this.report({ type: "process:stop", id, reason, at: this.wallMs() });
      this.siblings?.remove(this);
      done();
    });
  }

  private enqueue(msg: TMsg, ask: PendingAsk | undefined): boolean {
    const { id, mailbox } = this;
    if (this.isDown || this.stopping !== undefined) return false;
    if (mailbox.isFull && this.isWatched)
      this.report({ type: "process:mailbox:full", id, policy: mailbox.policy, size: mailbox.size });
    const item = new Item(msg, ++this.sequence, ask);
    const left = mailbox.put(item);
    if (left === item) return false;
    left?.ask?.rejectWith(
      () => new ProcessError(`The mailbox of ${id} overflowed and dropped the question`, id),
    );
    if (this.isWatched) this.report({ type: "process:mailbox:enqueue", id, size: mailbox.size });
    this.queueTurn();
    return true;
  }
}
