import {
  type BackgroundKit,
  type BackgroundProcess,
  createPeriodicProcess,
  somewhereWithin,
} from "./background.ts";
import { PullSession } from "./pull.ts";
import { type TreeHost, TreeSession } from "./tree-session.ts";

/**
 * Makes replicas equal. Every round compares with the next peer in turn what both own, and fetches what is newer
 * there (see `TreeSession`). As everybody asks everybody in turn, all replicas converge after a fault without
 * anybody keeping a list of who missed what.
 *
 * A node that came back empty asks all peers at once, and again, until it may vote on every key: first quickly,
 * then ever more slowly down to the usual rate, since it may be cut off for long.
 */
export function createRepairProcess(kit: BackgroundKit, host: TreeHost): BackgroundProcess {
  const { catchUp, peers, timing } = kit;
  const sessions = new Map<string, PullSession>();
  const comparisons = new Map<string, TreeSession>();
  let turn = Math.floor(kit.random() * peers.length);
  let waitMs = timing.retryMs;

  function start(peer: string): void {
    sessions.get(peer)?.end();
    const session = new PullSession(host, peer);
    sessions.set(peer, session);
    session.send();
  }

  function compare(peer: string): void {
    comparisons.get(peer)?.end();
    const session = new TreeSession(host, peer);
    comparisons.set(peer, session);
    session.send();
  }

  /** Leaves a session alone while its pages are coming. */
  function continueOrRestart(peer: string): void {
    const session = sessions.get(peer);
    if (session === undefined || session.isOver) start(peer);
    else if (session.hasProgressed) session.hasProgressed = false;
    else if (session.isTakingOver) return;
    else start(peer);
  }

  function takeTurn(): void {
    const peer = peers[turn++ % peers.length];
    if (peer !== undefined && !catchUp.missing().includes(peer)) compare(peer);
  }

  return createPeriodicProcess({
    name: "repair",
    emit: kit.emit,
    reminder: "repair",
    everyMs: timing.repairMs,
    firstMs: catchUp.isDone() ? somewhereWithin(timing.repairMs, kit.random) : 0,
    work() {
      if (catchUp.isDone()) {
        // Not while it catches up: how long that may take is part of what the policy assumes.
        if (!kit.hooks.maybe("skip-repair")) takeTurn();
        return timing.repairMs;
      }
      catchUp.missing().forEach(continueOrRestart);
      const isSlow = waitMs >= timing.repairMs;
      if (isSlow) takeTurn();
      const nextMs = Math.min(waitMs, timing.repairMs);
      waitMs *= 2;
      return nextMs;
    },
  });
}
