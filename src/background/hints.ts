import { type CacheRecord, isForgotten } from "../local/record.ts";
import type { PendingCall } from "../transport/rpc.ts";
import type { ReplyMessage } from "../wire/messages.ts";
import {
  type BackgroundKit,
  type BackgroundProcess,
  createPeriodicProcess,
  somewhereWithin,
} from "./background.ts";
import { UNDER_WAY } from "./under-way.ts";

/** Hints handed over in one round to an owner that confirmed some in the round before; otherwise one, to find out. */
const BATCH = 64;

/** Hands hints over to their owners, again and again until these confirm. */
export function createHintsProcess(kit: BackgroundKit): BackgroundProcess {
  const { ttl, hints, hooks, rpc, timing } = kit;
  let round: HintRound | null = null;

  function isDue(owner: string, record: CacheRecord): boolean {
    if (!isForgotten(record, ttl.nowMs(), timing.graceMs)) return true;
    hints.settle(owner, record);
    return false;
  }

  return createPeriodicProcess({
    name: "hints",
    emit: kit.emit,
    reminder: "hand_over_hints",
    everyMs: timing.repairMs,
    firstMs: somewhereWithin(timing.repairMs, kit.random),
    work() {
      const before = round;
      before?.end();
      // Repair finds out what the owner lacks.
      hints.dropOlder(kit.clock.now().monoMs - timing.graceMs * UNDER_WAY.hint);
      if (hints.size === 0) {
        round = null;
        return;
      }
      const current = new HintRound(kit);
      round = current;
      for (const owner of hints.owners()) {
        const countMax = before?.confirmed.has(owner) === true ? BATCH : 1;
        for (const record of hints.for(owner, countMax)) {
          if (!isDue(owner, record)) continue;
          hooks.sometimes("hint-sent");
          const request = kit.handOver(owner, record);
          rpc.expect(request, current);
          current.sent.set(request, { owner, record });
        }
      }
    },
  });
}

/** What was handed over and not confirmed yet. */
class HintRound implements PendingCall {
  readonly sent = new Map<number, { readonly owner: string; readonly record: CacheRecord }>();
  readonly confirmed = new Set<string>();
  private readonly kit: BackgroundKit;

  constructor(kit: BackgroundKit) {
    this.kit = kit;
  }

  onReply(from: string, reply: ReplyMessage): void {
    const hint = this.sent.get(reply.request);
    if (hint?.owner !== from || reply.type !== "store-reply" || !reply.isStored) return;
    this.confirmed.add(from);
    this.sent.delete(reply.request);
    this.kit.rpc.forget(reply.request);
    this.kit.hints.settle(from, hint.record);
    this.kit.hooks.sometimes("hint-taken");
  }

  onReset(): void {
    // The next round finds out whether it is back.
  }

  end(): void {
    for (const request of this.sent.keys()) this.kit.rpc.forget(request);
  }
}
