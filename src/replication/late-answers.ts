import { type Clock, ms, type TimerHandle } from "@phyxius/clock";
import type { Gather } from "./gather.ts";
import type { PendingCall, Rpc } from "../transport/rpc.ts";
import type { ReplyMessage } from "../wire/messages.ts";

/** What becomes of the answers that a gather had asked for and no longer needed. */
export interface LateListener {
  onLate(from: string, reply: ReplyMessage): void;
  /** They have not answered, and nobody listens any longer. */
  onSilent(targets: readonly string[]): void;
}

/** Goes on listening when a gather that lingers is complete, in its place. */
export interface LateAnswers {
  add(gather: Gather, listener: LateListener): void;
  stop(): void;
}

/** More than this many at a time, and the oldest is given up. */
const WAITING_MAX = 256;

export interface LateAnswersOptions {
  /** How long to listen, at least; at most twice as long. */
  readonly patienceMs: number;
  /** Later answers are not listened to in any case. */
  readonly lateMsMax: number;
}

export function createLateAnswers(
  rpc: Rpc,
  clock: Clock,
  { patienceMs, lateMsMax }: LateAnswersOptions,
): LateAnswers {
  /** The oldest first. */
  const waiting = new Set<Waiting>();
  let timer: TimerHandle | null = null;

  function giveUp(one: Waiting): void {
    waiting.delete(one);
    one.giveUp();
  }

  function sweep(): void {
    for (const one of waiting) {
      if (one.isOld) giveUp(one);
      else one.isOld = true;
    }
    if (waiting.size > 0) return;
    timer?.cancel();
    timer = null;
  }

  return {
    add(gather, listener) {
      const { request } = gather.request;
      const silent = gather.unanswered();
      if (silent.length === 0) {
        gather.abandon();
        return;
      }
      gather.leave();
      const untilMs = clock.now().monoMs + lateMsMax;
      const isTooLate = (): boolean => clock.now().monoMs > untilMs;
      const one = new Waiting(silent, listener, isTooLate, () => {
        rpc.forget(request);
        waiting.delete(one);
      });
      waiting.add(one);
      rpc.expect(request, one);
      timer ??= clock.interval(ms(patienceMs), sweep);
      const [oldest] = waiting;
      if (oldest !== undefined && waiting.size > WAITING_MAX) giveUp(oldest);
    },
    stop() {
      timer?.cancel();
      timer = null;
      waiting.clear();
    },
  };
}

class Waiting implements PendingCall {
  isOld = false;
  private silent: readonly string[];
  private readonly listener: LateListener;
  private readonly isTooLate: () => boolean;
  private readonly end: () => void;

  constructor(silent: readonly string[], listener: LateListener, isTooLate: () => boolean, end: () => void) {
    this.silent = silent;
    this.isTooLate = isTooLate;
    this.listener = listener;
    this.end = end;
  }

  onReply(from: string, reply: ReplyMessage): void {
    // The timer may be long, and after a pause this may come before it. What was read has been forgotten by now, perhaps.
    if (!this.silent.includes(from) || this.isTooLate()) return;
    this.silent = this.silent.filter((target) => target !== from);
    if (this.silent.length === 0) this.end();
    this.listener.onLate(from, reply);
  }

  onReset(): void {
    // It may be back before the patience is over; and if not, it is silent.
  }

  giveUp(): void {
    this.end();
    this.listener.onSilent(this.silent);
  }
}
