import { type PullHost, PullSession } from "./pull.ts";

/** The pulls of one node, one with each peer at most. */
export interface Pulls {
  /** Leaves a pull alone while its pages are coming, and otherwise begins a new one. */
  urge(peer: string): void;
}

export function createPulls(host: PullHost): Pulls {
  const sessions = new Map<string, PullSession>();

  function start(peer: string): void {
    sessions.get(peer)?.end();
    const session = new PullSession(host, peer, askAgain);
    sessions.set(peer, session);
    session.send();
  }

  /** What was given in a former life has to be given again, and need not wait for the next round. */
  function askAgain(): void {
    for (const peer of host.catchUp.outdated()) if (sessions.get(peer)?.isOver !== false) start(peer);
  }

  return {
    urge(peer) {
      const session = sessions.get(peer);
      if (session === undefined || session.isOver) start(peer);
      else if (session.hasProgressed) session.hasProgressed = false;
      else if (session.isTakingOver) return;
      else start(peer);
    },
  };
}
