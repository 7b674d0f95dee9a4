import type { BackgroundKit } from "../background/background.ts";
import type { KeepRecord } from "../durable/record-log.ts";
import type { CacheRecord } from "../local/record.ts";
import { countStampAhead } from "../observe/counting.ts";
import type { CacheEvent } from "../observe/events.ts";
import type { Operations } from "../operations/operations.ts";
import type { CacheOptions, ResolvedOptions } from "../options.ts";
import type { GatherHost } from "../replication/gather.ts";
import type { Hints } from "../replication/hints.ts";
import type { TtlClock } from "../ttl/ttl-clock.ts";
import type { DataRequest } from "../wire/messages.ts";
import type { Knowledge } from "./knowledge.ts";

export interface KitOptions {
  readonly cache: CacheOptions;
  readonly resolved: ResolvedOptions;
  readonly ttl: TtlClock;
  readonly knowledge: Knowledge;
  readonly host: GatherHost;
  readonly keep: KeepRecord;
  readonly operations: Operations;
  readonly hints: Hints;
  readonly emit: (event: CacheEvent) => void;
  readonly hasFixedOwners: boolean;
  readonly tendMembers: () => void;
}

/** What the policy and the background processes work with. */
export function createKit(options: KitOptions): BackgroundKit {
  const {
    cache,
    resolved,
    ttl,
    knowledge,
    host,
    keep,
    operations,
    hints,
    emit,
    hasFixedOwners,
    tendMembers,
  } = options;
  const { self, incarnation, state, store, membership, handover, incarnations, catchUp } = knowledge;
  const { parameters, timing, health, clockSkewMs, random } = resolved;
  const { rpc, hooks } = host;

  function handOver(to: string, record: CacheRecord): number {
    const request = rpc.nextRequest();
    const message: DataRequest = { type: "store", incarnation, request, record };
    if (to !== self) rpc.send(to, rpc.encode(message));
    else {
      const reply = host.answerLocally(message);
      if (reply !== null) rpc.deliver(self, reply);
    }
    return request;
  }

  return {
    self,
    peers: cache.transport.peers,
    incarnation,
    hasForgotten: resolved.mustCatchUp,
    parameters,
    clock: cache.clock,
    ttl,
    timing,
    health,
    clockSkewMs,
    state,
    store,
    keep,
    placement: membership,
    membership,
    handover,
    hasFixedOwners,
    tendMembers,
    rpc,
    incarnations,
    catchUp,
    random,
    emit,
    hooks,
    gather: (operation, gatherOptions) => operations.gather(host, operation, gatherOptions),
    reply(to, message) {
      if (to === self) rpc.deliver(self, message);
      else rpc.send(to, rpc.encode(message));
    },
    handOver,
    hints,
    countStampAhead: () => void state.swap(countStampAhead),
    onStop: operations.onEnd,
  };
}
