import type { Clock } from "@phyxius/clock";
import type { Membership } from "../membership/membership.ts";
import type { Rpc } from "../transport/rpc.ts";

/** A node that is behind asks no more often than this. */
const LEARN_EVERY_MS = 20;

/** Asks a node that is in a newer configuration which one that is; once in a while, whoever it is. */
export function createLearning(
  clock: Clock,
  membership: Membership,
  rpc: () => Rpc,
): (newer: string) => void {
  let askedMs = Number.NEGATIVE_INFINITY;
  return (newer) => {
    const { monoMs } = clock.now();
    if (monoMs - askedMs < LEARN_EVERY_MS) return;
    askedMs = monoMs;
    const { configuration } = membership;
    const calls = rpc();
    const { incarnation } = calls;
    const request = calls.nextRequest();
    calls.send(newer, calls.encode({ type: "inform", incarnation, request, configuration }));
  };
}
