import type { PendingCall } from "../transport/rpc.ts";
import { createNodeHealth, type NodeHealth } from "../observe/node-health.ts";
import {
  type BackgroundKit,
  type BackgroundProcess,
  createPeriodicProcess,
  somewhereWithin,
} from "./background.ts";

/**
 * Pings all peers at once, every round. A peer that has not answered when the next round starts counts as an
 * error, and so does one whose connection was reset. Each outcome changes the peer's entry as it is then:
 * nothing is read before the wait and written back after it.
 */
export function createHealthProcess(
  kit: BackgroundKit,
  { recordError, recordSuccess }: NodeHealth = createNodeHealth(kit.health),
): BackgroundProcess {
  const { clock, peers, rpc, state, timing } = kit;
  let round: PingRound | null = null;

  function conclude({ latencies, failures, request }: PingRound): void {
    rpc.forget(request);
    const { wallMs } = clock.now();
    const { nodes: told } = state.swap((current) => {
      // Not `update`, which costs several times as much.
      const nodes = current.nodes.withMutations((draft) => {
        for (const [peer, latencyMs] of latencies) {
          const node = draft.get(peer);
          if (node !== undefined) draft.set(peer, recordSuccess(node, latencyMs, wallMs));
        }
        for (const [peer, error] of failures) {
          const node = draft.get(peer);
          if (node !== undefined) draft.set(peer, recordError(node, error, wallMs));
        }
      });
      return { ...current, nodes };
    });
    for (const [nodeId, error] of failures) {
      kit.emit({ type: "cache.health_check.failure", operation: null, nodeId, error });
    }
    kit.emit({
      type: "cache.health_check.completed",
      operation: null,
      nodes: peers.map((nodeId) => {
        const node = told.get(nodeId);
        return {
          nodeId,
          latencyMs: latencies.get(nodeId) ?? null,
          status: node?.status ?? null,
          avgLatencyMs: node?.avgLatencyMs ?? null,
        };
      }),
    });
  }

  function startRound(): void {
    const current = new PingRound(rpc.nextRequest(), clock.now().monoMs, () => clock.now().monoMs);
    round = current;
    rpc.expect(current.request, current);
    const { incarnation } = kit;
    const frame = rpc.encode({ type: "ping", incarnation, request: current.request });
    for (const peer of peers) rpc.send(peer, frame);
  }

  return createPeriodicProcess({
    name: "health",
    emit: kit.emit,
    reminder: "health_check",
    everyMs: timing.healthMs,
    firstMs: somewhereWithin(timing.healthMs, kit.random),
    work() {
      if (round !== null) {
        round.failSilent(peers);
        conclude(round);
      }
      startRound();
    },
  });
}

/** One ping to every peer, and what came of it so far. */
class PingRound implements PendingCall {
  readonly request: number;
  readonly latencies = new Map<string, number>();
  readonly failures = new Map<string, string>();
  private readonly sentMs: number;
  private readonly nowMs: () => number;

  constructor(request: number, sentMs: number, nowMs: () => number) {
    this.request = request;
    this.sentMs = sentMs;
    this.nowMs = nowMs;
  }

  onReply(from: string): void {
    if (this.isOpen(from)) this.latencies.set(from, this.nowMs() - this.sentMs);
  }

  onReset(peer: string): void {
    if (this.isOpen(peer)) this.failures.set(peer, "connection reset");
  }

  failSilent(peers: readonly string[]): void {
    for (const peer of peers) if (this.isOpen(peer)) this.failures.set(peer, "no answer to a ping");
  }

  private isOpen(peer: string): boolean {
    return !this.latencies.has(peer) && !this.failures.has(peer);
  }
}
