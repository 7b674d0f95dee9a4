/**
 * Points at which a simulation takes part in the cache's own code. Outside of a simulation they do nothing.
 *
 * - A *detour* is an unlikely but legal way to go on: a message sent twice, a round of repair left out. Whatever a
 *   detour does could also happen by itself, so nothing that a policy promises may depend on it. (After
 *   FoundationDB's `BUGGIFY`; Zhou et al., "FoundationDB: A Distributed Unbundled Transactional Key Value Store",
 *   SIGMOD 2021.)
 * - A *probe* says that something rare has happened. A probe that fires in no run of a campaign names behaviour
 *   that the campaign does not test.
 * - At a *crash point* the machine may lose power between two steps that belong together.
 */
export interface Hooks {
  /** True now and then in a simulation: take the detour. */
  maybe(detour: Detour): boolean;
  sometimes(probe: Probe): void;
  /** Does not return when the machine dies here. */
  crashpoint(point: Crashpoint): void;
}

/** What a program in the real world uses. */
export const NO_HOOKS: Hooks = {
  maybe: () => false,
  sometimes() {},
  crashpoint() {},
};

export const DETOURS = {
  "skip-own-vote": "a coordinator that owns the key does not ask itself at first",
  "send-twice": "a coordinator sends its request twice",
  "write-back": "a get stores what it found although all answers agreed",
  "skip-counters": "a write leaves out a thousand version numbers",
  "skip-repair": "a round of repair does nothing, unless the node must catch up",
  "short-pages": "a page of a pull ends after one record",
} as const;

export const PROBES = {
  "answers-differ": "the answers to a get differed, and it stored the newest before it returned",
  "asked-again": "a silent replica was asked again",
  hedged: "the replicas that a read had asked first took long, and it asked the others",
  "outdated-answer": "an answer came from a life of a replica that was known to be over",
  "outdated-quorum": "an answer that had been counted stopped counting: its replica had restarted",
  "no-vote": "a replica that had not caught up kept silent",
  "caught-up": "a replica that came back empty could vote again",
  "replicas-repaired": "a pull brought a record that was newer",
  "differences-found": "two replicas compared what both own, and one found newer records at the other",
  "several-pages": "a pull took more than one page",
  "expired-read": "a get met a value whose time was over",
  "read-again": "a value expired while it was read, and the get began anew",
  overtaken: "a write was stored where a newer one was already, and went out again under a higher stamp",
  "read-repaired": "a replica was given a newer record that a read had found",
  "hint-kept": "a coordinator kept a record for an owner that had not confirmed it",
  "hint-sent": "a record kept for an owner was sent to it",
  "hint-taken": "an owner confirmed a record that had been kept for it",
  "stamp-ahead": "a replica refused a write whose stamp was too far ahead of its clock",
  "deleted-read": "a get met a tombstone",
  "failed-over": "an owner took over a key without the word of every other one, and led it from then on",
  "handed-over": "an owner took over a key with the word of every other one, and led it from then on",
  "took-over-part": "a node entered a configuration without the word of every member before",
  "memory-lost": "an owner came back without what its former life had acknowledged",
  "led-by-right": "after a change of members the first owner of a key led it without asking",
  "tail-lost": "a primary heard that its successor had not found all that it had acknowledged",
  "outdated-primary": "an owner refused a write of a primary that had a successor",
  "sent-elsewhere": "an owner that did not lead the key named the one that should",
  "asked-twice": "a primary was asked again for what it had done already",
  "stream-overflow": "a write to be replicated was left to the repair",
  "moved-on": "members changed while an operation was under way, and it went on with the new ones",
  "refused-vote": "two nodes proposed configurations at the same time, and one had to try again",
  "finished-change": "a node finished a change of members that another one had begun",
  "forgotten-together": "what was past its grace was dropped, since every owner had held it",
  "settled-late": "an owner took over a record past its grace that it had missed",
  "write-unclear": "a write ended without anybody knowing whether it had happened",
} as const;

export const CRASHPOINTS = {
  "before-store": "a coordinator has chosen a version and sent nothing yet",
  "after-own-store": "a coordinator has stored at itself and sent nothing yet",
  "before-confirm": "a replica has stored and not yet confirmed",
  "before-acknowledge": "a majority has stored and the client does not know yet",
  "after-vote": "a voter on the next configuration has bound itself and not yet answered",
  "after-decision": "a configuration is decided, and only the node that proposed it knows",
  "between-pages": "a page of a pull was taken over, the next one not asked for",
} as const;

export type Detour = keyof typeof DETOURS;
export type Probe = keyof typeof PROBES;
export type Crashpoint = keyof typeof CRASHPOINTS;
