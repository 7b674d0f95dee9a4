import {
  type BackgroundKit,
  type BackgroundProcess,
  createPeriodicProcess,
  somewhereWithin,
} from "./background.ts";
import type { Pulls } from "./pulls.ts";
import { type TreeHost, TreeSession } from "./tree-session.ts";

export interface RepairHost extends TreeHost {
  readonly pulls: Pulls;
}

/**
 * Makes replicas equal. Every round compares with the next peer in turn what both own, and fetches what is newer
 * there (see `TreeSession`). As everybody asks everybody in turn, all replicas converge after a fault without
 * anybody keeping a list of who missed what.
 *
 * A node that came back empty asks all peers at once, and again, until it may vote on every key, and a new member until
 * it has taken over all: first quickly, then ever more slowly, since it may be cut off for long, but twice as often as
 * usual. So it has caught up within one usual round, once everybody can be reached.
 */
export function createRepairProcess(kit: BackgroundKit, host: RepairHost): BackgroundProcess {
  const { catchUp, handover, membership, timing } = kit;
  const { pulls } = host;
  const comparisons = new Map<string, TreeSession>();
  let turn = Math.floor(kit.random() * membership.others.length);
  let waitMs = timing.retryMs;
  let epoch = membership.epoch;

  function compare(peer: string): void {
    comparisons.get(peer)?.end();
    const session = new TreeSession(host, peer);
    comparisons.set(peer, session);
    session.send();
  }

  function takeTurn(): void {
    const { others } = membership;
    const peer = others[turn++ % others.length];
    if (peer !== undefined && !catchUp.missing().includes(peer)) compare(peer);
  }

  const waitMsMax = timing.repairMs / 2;

  /** Asks all from whom something is missing, ever more slowly. Returns when to do it again. */
  function hurry(): number {
    for (const peer of new Set([...catchUp.missing(), ...handover.missing()])) {
      if (peer !== kit.self) pulls.urge(peer);
    }
    if (waitMs >= waitMsMax) takeTurn();
    const nextMs = Math.min(waitMs, waitMsMax);
    waitMs *= 2;
    return nextMs;
  }

  return createPeriodicProcess({
    name: "repair",
    emit: kit.emit,
    reminder: "repair",
    everyMs: timing.repairMs,
    firstMs: catchUp.isDone() ? somewhereWithin(timing.repairMs, kit.random) : 0,
    work() {
      kit.tendMembers();
      if (epoch !== membership.epoch) {
        epoch = membership.epoch;
        waitMs = timing.retryMs;
      }
      if (!catchUp.isDone() || handover.missing().length > 0) return hurry();
      // Not while it catches up: how long that may take is part of what the policy assumes.
      if (!kit.hooks.maybe("skip-repair")) takeTurn();
      return timing.repairMs;
    },
  });
}
