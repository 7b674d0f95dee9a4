import { invariants as usual } from "../../sim/check/index.ts";
import type { Invariant } from "../../sim/run/invariant.ts";
import type { Bug } from "../../sim/search/bugs/bug.ts";
import { ageFromItsArrival } from "./age-from-its-arrival.ts";
import { aliasedValues } from "./aliased-values.ts";
import { answersOfAFormerLife } from "./answers-of-a-former-life.ts";
import { clocksNeverCompared } from "./clocks-never-compared.ts";
import { copyOutlivesItsValue } from "./copy-outlives-its-value.ts";
import { countsHints } from "./counts-hints.ts";
import { dropsWhatExpired } from "./drops-what-expired.ts";
import { entryNotAwaited } from "./entry-not-awaited.ts";
import { everyCallerLoads } from "./every-caller-loads.ts";
import { expiryCheckedTooEarly } from "./expiry-checked-too-early.ts";
import { failedButStored } from "./failed-but-stored.ts";
import { failuresNotCounted } from "./failures-not-counted.ts";
import { forgetsByTimeAlone } from "./forgets-by-time-alone.ts";
import { forgetsDeletesEarly } from "./forgets-deletes-early.ts";
import { growsWithoutBound } from "./grows-without-bound.ts";
import { halfOfTheHealthy } from "./half-of-the-healthy.ts";
import { handlerWithoutMethods } from "./handler-without-methods.ts";
import { healthWrittenBack } from "./health-written-back.ts";
import { noLateHit } from "./invariants/no-late-hit.ts";
import { lastArrivalWins } from "./last-arrival-wins.ts";
import { lateFill } from "./late-fill.ts";
import { leaseFromItsArrival } from "./lease-from-its-arrival.ts";
import { logFailureFailsTheWrite } from "./log-failure-fails-the-write.ts";
import { meanOfNothing } from "./mean-of-nothing.ts";
import { nearStaleness } from "./near.ts";
import { neverExpires } from "./never-expires.ts";
import { neverInvalidates } from "./never-invalidates.ts";
import { neverRepairs } from "./never-repairs.ts";
import { neverScheduled } from "./never-scheduled.ts";
import { noTombstone } from "./no-tombstone.ts";
import { noWriteBack } from "./no-write-back.ts";
import { oneAnswerHeals } from "./one-answer-heals.ts";
import { oneErrorIsForGood } from "./one-error-is-for-good.ts";
import { ownersByHealth } from "./owners-by-health.ts";
import { readTakesOneAnswer } from "./read-takes-one-answer.ts";
import { readsInTurn } from "./reads-in-turn.ts";
import { realClockInTheLog } from "./real-clock-in-the-log.ts";
import { silenceIsAMiss } from "./silence-is-a-miss.ts";
import { storedHereFirst } from "./stored-here-first.ts";
import { trustsTheWritersClock } from "./trusts-the-writers-clock.ts";
import { votesAtOnce } from "./votes-at-once.ts";
import { waitsForAll } from "./waits-for-all.ts";
import { writeWithoutReplicas } from "./write-without-replicas.ts";

/**
 * The bug bank: defects that caches have had, each planted alone, the scenario that shows it, and what is expected to
 * find it. `cache-sim bugs` hunts them.
 */
export const bugs: readonly Bug[] = [
  {
    id: 1,
    name: "write-without-replicas",
    defect: "With no healthy peer, a write is acknowledged though no replica has stored it.",
    schedule:
      "A node is cut off until all others look unhealthy from it, takes a write, and forgets it or is asked elsewhere.",
    scenario: "bugs/cut-off",
    expected: ["linearizable"],
    ...writeWithoutReplicas,
  },
  {
    id: 2,
    name: "half-of-the-healthy",
    defect: "The quorum is half of the owners that look healthy at the moment, rounded up.",
    schedule: "A partition that lasts until each side takes the other for dead, and writes on both.",
    scenario: "bugs/cut-off",
    expected: ["linearizable"],
    ...halfOfTheHealthy,
  },
  {
    id: 3,
    name: "owners-by-health",
    defect:
      "Owners that look unhealthy from a node are replaced by others, so two nodes write to different places.",
    schedule: "Nodes that see different peers as healthy, while and after some are cut off.",
    scenario: "bugs/long-partitions",
    expected: ["linearizable"],
    ...ownersByHealth,
  },
  {
    id: 4,
    name: "read-takes-one-answer",
    defect:
      "A read is content with one answer and a write with two of three, so that they need not share an owner.",
    schedule: "A read through an owner that the last write has not reached yet.",
    scenario: "hot-key",
    expected: ["linearizable"],
    ...readTakesOneAnswer,
  },
  {
    id: 5,
    name: "silence-is-a-miss",
    defect: "A get to which no owner answers ends as a miss.",
    schedule: "A get through a node that is cut off, of a key that was set.",
    scenario: "bugs/cut-off",
    expected: ["linearizable"],
    ...silenceIsAMiss,
  },
  {
    id: 6,
    name: "one-error-is-for-good",
    defect: "No answer ever takes back the errors that were counted against a node.",
    schedule: "One ping that gets no answer, and then one that does.",
    scenario: "bugs/pings",
    expected: ["health-follows-history"],
    ...oneErrorIsForGood,
  },
  {
    id: 7,
    name: "stored-here-first",
    defect: "An owner that coordinates a set stores the value first, and leaves it there when the set fails.",
    schedule: "A set through an owner that is cut off, then a read that asks it.",
    scenario: "partition-heal",
    expected: ["linearizable"],
    ...storedHereFirst,
  },
  {
    id: 8,
    name: "failed-but-stored",
    defect:
      "A write that was not confirmed in time is reported as failed, though some replicas have stored it.",
    schedule: "A store that reaches one owner only, or whose confirmations are lost; then a read.",
    scenario: "partition-heal",
    expected: ["linearizable"],
    ...failedButStored,
  },
  {
    id: 9,
    name: "copy-outlives-its-value",
    defect: "A copy of a value lives for five minutes, not for what is left of the value's own time.",
    schedule: "A read shortly before the value expires, and one through the same node afterwards.",
    scenario: "bugs/near-expiry",
    expected: ["no-expired-hit"],
    ...copyOutlivesItsValue,
  },
  {
    id: 10,
    name: "late-fill",
    defect: "What a read found is written back as if it were new, above a set that has ended meanwhile.",
    schedule: "A read under way, a set, and then the end of the read.",
    scenario: "hot-key",
    expected: ["linearizable"],
    ...lateFill,
  },
  {
    id: 11,
    name: "last-arrival-wins",
    defect: "A replica keeps what came last, whatever its version.",
    schedule: "Two sets that reach two replicas in opposite orders, or one that is repeated late.",
    scenario: "dup-storm",
    expected: ["linearizable"],
    ...lastArrivalWins,
  },
  {
    id: 12,
    name: "never-invalidates",
    defect: "Copies that other nodes keep of a value are not called back when it changes.",
    schedule: "A node keeps a copy, another one sets the key, the first one is asked.",
    scenario: "bugs/near-writes",
    expected: ["bounded-staleness"],
    ...neverInvalidates,
  },
  {
    id: 13,
    name: "no-tombstone",
    defect: "A delete leaves nothing behind, so a replica that missed it brings the value back.",
    schedule: "A delete while one owner is cut off, and a read after it has healed.",
    scenario: "partition-heal",
    expected: ["linearizable"],
    ...noTombstone,
  },
  {
    id: 14,
    name: "waits-for-all",
    defect: "A write waits for the confirmation of all owners, without a time limit.",
    schedule: "One owner that is down, paused or cut off for longer than the deadline.",
    scenario: "bugs/cut-off",
    expected: ["operations-end"],
    ...waitsForAll,
  },
  {
    id: 15,
    name: "reads-in-turn",
    defect: "A get asks one owner after the other, once, and waits for each without a limit.",
    schedule: "One question that gets lost.",
    scenario: "lossy-network",
    expected: ["operations-end"],
    ...readsInTurn,
  },
  {
    id: 16,
    name: "health-written-back",
    defect: "What a round of pings found is written into the nodes as they were before it began to wait.",
    schedule: "Two rounds in a row with something to note.",
    scenario: "bugs/pings",
    expected: ["health-follows-history"],
    ...healthWrittenBack,
  },
  {
    id: 17,
    name: "one-answer-heals",
    defect:
      "One answer makes an unhealthy node healthy at once, so one that loses every other message never is unhealthy.",
    schedule: "A node that answers one ping after it had answered none.",
    scenario: "bugs/pings",
    expected: ["health-follows-history"],
    ...oneAnswerHeals,
  },
  {
    id: 18,
    name: "mean-of-nothing",
    defect: "The mean latency is taken with what was never measured, and is no number from then on.",
    schedule: "The first ping.",
    scenario: "bugs/pings",
    expected: ["health-follows-history"],
    ...meanOfNothing,
  },
  {
    id: 19,
    name: "handler-without-methods",
    defect:
      "The handlers of background work call methods that they do not have: each message ends in an error.",
    schedule: "Any message to a background process; seen when there is something to repair.",
    scenario: "crash-restart",
    expected: ["operations-end", "replicas-converge"],
    ...handlerWithoutMethods,
  },
  {
    id: 20,
    name: "never-scheduled",
    defect: "Nobody ever wakes the background processes.",
    schedule: "A replica that missed a write which nobody reads again.",
    scenario: "crash-restart",
    expected: ["operations-end", "replicas-converge"],
    ...neverScheduled,
  },
  {
    id: 21,
    name: "never-expires",
    defect:
      "The end of a value's time is no number, and every comparison with it says that the value is live.",
    schedule: "Any value with a time to live, read after it.",
    scenario: "ttl-expiry",
    expected: ["no-expired-hit"],
    ...neverExpires,
  },
  {
    id: 22,
    name: "real-clock-in-the-log",
    defect: "Entries of the audit log are stamped with the clock of the real world.",
    schedule: "Any operation.",
    scenario: "calm",
    expected: ["determinism"],
    ...realClockInTheLog,
  },
  {
    id: 23,
    name: "log-failure-fails-the-write",
    defect: "When an entry of the audit log cannot be written, what has already happened ends in an error.",
    schedule: "A log that fails once in a while.",
    scenario: "calm",
    expected: ["audit-complete", "linearizable"],
    ...logFailureFailsTheWrite,
  },
  {
    id: 24,
    name: "expiry-checked-too-early",
    defect: "Whether a value is live is checked before something is awaited, not after it.",
    schedule: "A read just before a value expires.",
    scenario: "ttl-expiry",
    expected: ["no-late-hit"],
    ...expiryCheckedTooEarly,
  },
  {
    id: 25,
    name: "entry-not-awaited",
    defect:
      "Entries are appended from within a change of the state and not waited for; one that fails is lost.",
    schedule: "Two entries at the same moment.",
    scenario: "calm",
    expected: ["audit-complete"],
    ...entryNotAwaited,
  },
  {
    id: 26,
    name: "trusts-the-writers-clock",
    defect: "A value's end by its writer's clock is compared with the reader's clock as if the two were one.",
    schedule: "A writer whose clock is ahead, or a reader whose clock is behind.",
    scenario: "bugs/wrong-clocks",
    expected: ["no-expired-hit"],
    ...trustsTheWritersClock,
  },
  {
    id: 27,
    name: "aliased-values",
    defect: "Readers and writers get the cache's own object, and change it when they change theirs.",
    schedule: "A program that goes on working with what it read.",
    scenario: "bugs/notes",
    expected: ["no-thin-air", "linearizable"],
    ...aliasedValues,
  },
  {
    id: 28,
    name: "grows-without-bound",
    defect: "The store takes keys without any limit.",
    schedule: "More keys than the limit allows.",
    scenario: "bugs/crowded",
    expected: ["bounds"],
    ...growsWithoutBound,
  },
  {
    id: 29,
    name: "every-caller-loads",
    defect: "Callers who miss the same key at the same time each load it.",
    schedule: "Two loads of a missing key at once, through the same node.",
    scenario: "stampede-with-loader",
    expected: ["single-flight"],
    ...everyCallerLoads,
  },
  {
    id: 30,
    name: "never-repairs",
    defect: "There is no repair, no anti-entropy, and no catching up after a restart.",
    schedule: "Owners that crash one after the other and come back empty.",
    scenario: "bugs/restarts",
    expected: ["linearizable", "acknowledged-writes-survive"],
    ...neverRepairs,
  },
  {
    id: 31,
    name: "failures-not-counted",
    defect: "Operations that fail are not counted.",
    schedule: "Any operation that fails.",
    scenario: "bugs/cut-off",
    expected: ["statistics-add-up"],
    ...failuresNotCounted,
  },
  {
    id: 32,
    name: "drops-what-expired",
    defect:
      "A value that has expired is dropped at once, and an older one that lives longer is found behind it.",
    schedule: "A long-lived value, a short-lived one that an owner misses, and a read after its end.",
    scenario: "bugs/expiries",
    expected: ["linearizable"],
    ...dropsWhatExpired,
  },
  {
    id: 33,
    name: "no-write-back",
    defect: "A read returns the newest of the answers without making sure that a majority has it.",
    schedule: "A slow write that one reader meets and the next one misses.",
    scenario: "bugs/slow-writes",
    expected: ["linearizable"],
    ...noWriteBack,
  },
  {
    id: 34,
    name: "counts-hints",
    defect: "A copy kept for an owner that cannot be reached counts as if the owner had it.",
    schedule: "A write during a partition, then a read from the owners that have not got it.",
    scenario: "bugs/partitions",
    expected: ["regular"],
    ...countsHints,
  },
  {
    id: 35,
    name: "votes-at-once",
    defect: "A replica that restarted with an empty memory votes before it has caught up.",
    schedule:
      "Of the owners that confirmed a write one restarts, and is asked together with one that missed it.",
    scenario: "bugs/restarts",
    expected: ["linearizable"],
    ...votesAtOnce,
  },
  {
    id: 36,
    name: "forgets-deletes-early",
    defect: "A tombstone is dropped before every replica has seen the delete.",
    schedule: "An owner that is cut off for longer than tombstones are kept.",
    scenario: "bugs/partitions",
    expected: ["linearizable"],
    ...forgetsDeletesEarly,
  },
  {
    id: 37,
    name: "lease-from-its-arrival",
    defect:
      "What an owner grants counts from the arrival of its answer, not from the sending of the question.",
    schedule: "A grant that is long under way while the key changes.",
    scenario: "bugs/near-slow",
    expected: ["bounded-staleness"],
    ...leaseFromItsArrival,
  },
  {
    id: 38,
    name: "answers-of-a-former-life",
    defect: "An answer to a question of a node's former life counts for its own question of the same number.",
    schedule: "A restart within milliseconds, while answers are under way.",
    scenario: "bugs/former-lives",
    expected: ["linearizable"],
    ...answersOfAFormerLife,
  },
  {
    id: 39,
    name: "age-from-its-arrival",
    defect:
      "With relative times to live, what is left of a value's time counts from when a message comes, not from when it was sent.",
    schedule: "A value that goes slowly from node to node and is read just when its time is over.",
    scenario: "bugs/slow-ages",
    expected: ["no-expired-hit"],
    ...ageFromItsArrival,
  },
  {
    id: 40,
    name: "clocks-never-compared",
    defect:
      "With relative times to live, a deadline by another node's monotonic clock is taken for one by the node's own.",
    schedule: "None: the nodes were started at different times.",
    scenario: "clock-jump-relative",
    expected: ["no-expired-hit", "linearizable"],
    ...clocksNeverCompared,
  },
  {
    id: 41,
    name: "forgets-by-time-alone",
    defect: "A tombstone is dropped when its grace is over, though an owner was away all the time.",
    schedule: "A delete that an owner misses, and an absence that is longer than the grace.",
    scenario: "away-too-long",
    expected: ["linearizable", "no-resurrection"],
    ...forgetsByTimeAlone,
  },
];

/** What is checked: all that comes with the harness, and what a few of the defects need besides. */
export const invariants: readonly Invariant[] = [...usual, nearStaleness, noLateHit];
