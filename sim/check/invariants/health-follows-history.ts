import type { HealthNote, HealthLife } from "../../run/health-ledger.ts";
import type { Invariant, Violation } from "../../run/invariant.ts";
import { time } from "../wording.ts";

/** From so many checks in a row on that a node did not answer, it is unhealthy; before that it is degraded. */
const UNHEALTHY_ERRORS = 4;
/** After so many answers in a row it is healthy again. */
const RECOVERY_ANSWERS = 2;

/** What a machine must think of a peer. */
interface Opinion {
  readonly status: string;
  readonly errors: number;
  readonly answers: number;
  readonly meanMs: number | null;
}

const AT_FIRST: Opinion = { status: "healthy", errors: 0, answers: 0, meanMs: null };

/**
 * What a machine thinks of a peer is a function of what it has noted of it, in that order, and of nothing else: not of
 * what was so before it waited, nor of what it noted in a former life. The function is the one that the cache states:
 *
 * - healthy at first; degraded by a check without an answer, unhealthy by the fourth in a row;
 * - healthy again by the second answer in a row; one answer makes an unhealthy node degraded;
 * - the mean latency begins with the first one, and each further one moves it half of the way.
 *
 * At most one violation for each life and peer: the first wrong opinion.
 */
export const healthFollowsHistory: Invariant = {
  name: "health-follows-history",
  summary: "What a machine thinks of another's health follows from the checks that it has noted, in order.",
  isUnconditional: true,
  isPrefixClosed: true,
  check: ({ health = [] }) => health.flatMap(checkLife),
};

function checkLife(life: HealthLife): Violation[] {
  const byPeer = new Map<string, HealthNote[]>();
  for (const note of life.notes) {
    const notes = byPeer.get(note.peer);
    if (notes === undefined) byPeer.set(note.peer, [note]);
    else notes.push(note);
  }
  return [...byPeer].flatMap(([peer, notes]) => checkPeer(life, peer, notes) ?? []);
}

function checkPeer(life: HealthLife, peer: string, notes: readonly HealthNote[]): Violation | null {
  let opinion = AT_FIRST;
  for (const [index, note] of notes.entries()) {
    opinion = next(opinion, note.latencyMs);
    if (opinion.status === note.status && opinion.meanMs === note.meanMs) continue;
    return describe(life, peer, notes.slice(0, index + 1), opinion);
  }
  return null;
}

function next({ status, errors, answers, meanMs }: Opinion, latencyMs: number | null): Opinion {
  if (latencyMs === null) {
    const inRow = errors + 1;
    return {
      status: inRow >= UNHEALTHY_ERRORS ? "unhealthy" : "degraded",
      errors: inRow,
      answers: 0,
      meanMs,
    };
  }
  const isHealthy = status === "healthy" || answers + 1 >= RECOVERY_ANSWERS;
  return {
    status: isHealthy ? "healthy" : "degraded",
    errors: 0,
    answers: answers + 1,
    meanMs: meanMs === null ? latencyMs : (meanMs + latencyMs) / 2,
  };
}

/** How many checks a violation tells. */
const SHOWN_MAX = 6;

function describe(
  { machine, incarnation }: HealthLife,
  peer: string,
  notes: readonly HealthNote[],
  { status, meanMs }: Opinion,
): Violation {
  const last = notes.at(-1) as HealthNote;
  return {
    invariant: "health-follows-history",
    key: null,
    summary:
      `at ${time(last.atUs)} ${machine}, life ${incarnation}, counts ${peer} as ${opinionText(last.status, last.meanMs)}; ` +
      `its checks make it ${opinionText(status, meanMs)}`,
    operations: [],
    notes: notes
      .slice(-SHOWN_MAX)
      .map(({ atUs, latencyMs }) =>
        latencyMs === null
          ? `At ${time(atUs)} it had no answer.`
          : `At ${time(atUs)} it had one that took ${latencyMs} ms.`,
      ),
  };
}

function opinionText(status: string | null, meanMs: number | null): string {
  return `${status ?? "unknown"}, with ${meanMs === null ? "no mean latency" : `a mean latency of ${meanMs} ms`}`;
}
