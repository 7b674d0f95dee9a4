import type { Crashpoint, Detour, Probe } from "../hooks.ts";
import type { Message } from "../wire/messages.ts";

/** A change of what a peer counts as. */
type HealthChange = (typeof HEALTH_CHANGES)[number];

/** Whoever checks its peers' health sees them get worse and better, step by step. */
export const HEALTH_CHANGES = [
  "health healthy>degraded",
  "health degraded>unhealthy",
  "health unhealthy>degraded",
  "health degraded>healthy",
] as const;

/** A hook point in the cache's code that a policy may come to, a kind of message that its nodes send, or a change. */
export type Reach = Probe | Detour | Crashpoint | Message["type"] | HealthChange;

/** What some of it needs: changes of members, times to live, or a parameter of the policy that is not 0. */
export const REACH_NEEDS: Readonly<Partial<Record<Reach, string>>> = {
  "moved-on": "changes",
  "refused-vote": "changes",
  "finished-change": "changes",
  "took-over-part": "changes",
  "led-by-right": "changes",
  "after-vote": "changes",
  "after-decision": "changes",
  inform: "changes",
  vote: "changes",
  "vote-reply": "changes",
  "take-over": "changes",
  configuration: "changes",
  "expired-read": "ttl",
  "read-again": "ttl",
  hedged: "hedge",
  settle: "grace",
  "settle-reply": "grace",
  forget: "grace",
  "forgotten-together": "grace",
  "settled-late": "grace",
};

/** What fixed owners bring along, whatever the policy does with them: repair, catching up, changes of members. */
export const OWNERS_REACH: readonly Reach[] = [
  "asked-again",
  "outdated-answer",
  "outdated-quorum",
  "caught-up",
  "replicas-repaired",
  "differences-found",
  "several-pages",
  "moved-on",
  "refused-vote",
  "finished-change",
  "write-unclear",
  "expired-read",
  "skip-own-vote",
  "send-twice",
  "skip-repair",
  "short-pages",
  "before-store",
  "after-own-store",
  "before-confirm",
  "before-acknowledge",
  "after-vote",
  "after-decision",
  "between-pages",
  "ping",
  "pong",
  "pull",
  "pull-reply",
  "tree",
  "tree-reply",
  "fetch",
  "settle",
  "settle-reply",
  "forget",
  "forgotten-together",
  "settled-late",
  "inform",
  "vote",
  "vote-reply",
  "take-over",
  "configuration",
  ...HEALTH_CHANGES,
];

/** What asking owners for records adds. */
export const QUORUM_REACH: readonly Reach[] = [
  ...OWNERS_REACH,
  "no-vote",
  "hedged",
  "deleted-read",
  "read",
  "read-reply",
  "store",
  "store-reply",
];
