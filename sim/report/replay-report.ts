import type { HandSetChoices } from "../kernel/choices.ts";
import type { DiskStatistics } from "../world/disk.ts";
import type { RunStatistics } from "../run/outcome.ts";
import type { Violation } from "../run/invariant.ts";
import type { Plan } from "../run/plan.ts";
import type { Replay } from "../trace/replay.ts";
import { renderViolation } from "./certificate.ts";
import { alignedLines } from "./columns.ts";
import { eventsAround, LOG_EVENTS_MAX, mostTelling, renderEvents } from "./event-log.ts";
import type { Page } from "./page.ts";
import { renderPlan } from "./plan-summary.ts";
import { count, counted, span } from "./units.ts";
import { visible } from "./visible.ts";
import { indented, wrap, wrapList } from "./wrap.ts";

export type LogKind = "violation" | "all" | "none";

/** Of each event when all are shown; the trace file has even more. */
const WHOLE_TEXT_LENGTH_MIN = 300;
const FRAMES_SHOWN_MAX = 8;
const CHOICES_SHOWN_MAX = 10;
/** Certificates printed one by one; a broken run may have thousands. */
const VIOLATIONS_SHOWN_MAX = 20;

/**
 * Everything that a replay shows. Equal replays give equal text.
 *
 * @param plainDigest the digest of the same plan run without recording
 * @param whyExpected why a violation is none to fail for; null when it is one
 */
export function renderReplay(
  replay: Replay,
  plainDigest: string,
  whyExpected: (violation: Violation) => string | null,
  log: LogKind,
  page: Page,
): string[] {
  const { outcome, traceHash, events } = replay;
  const { violations, plan, digest, statistics } = outcome;
  const { style } = page;
  const shown = violations.slice(0, VIOLATIONS_SHOWN_MAX);
  const hidden = violations.length - shown.length;
  const toExplain = violations.find((violation) => whyExpected(violation) === null) ?? violations[0];
  return [
    ...renderPlan(plan, page),
    "",
    ...alignedLines(
      [["trace hash", traceHash], ["digest", digest], ...statisticsFacts(statistics)].map(
        ([name = "", text = ""]) => [{ text: name, set: style.faint }, { text }],
      ),
      ["left", "left"],
    ),
    ...handSetLines(outcome.choices, page),
    "",
    ...(plainDigest === digest ? [] : [style.bad(notTheSame(plainDigest, digest)), ""]),
    violations.length === 0
      ? style.good("no violation")
      : style.strong(counted(violations.length, "violation")),
    ...shown.flatMap((violation) => ["", ...renderViolation(violation, whyExpected(violation), page)]),
    ...(hidden > 0 ? ["", style.faint(`… and ${counted(hidden, "more violation")}`)] : []),
    ...logLines(events, toExplain, plan.cluster.machines, log, page),
  ];
}

/** A choice that is set for nothing is nearly always one that is spelled wrongly. */
function handSetLines({ appliedCount, notApplied }: HandSetChoices, { style, width }: Page): string[] {
  const total = appliedCount + notApplied.length;
  if (total === 0) return [];
  const text = `${count(appliedCount)} of ${counted(total, "hand-set choice")} applied`;
  if (notApplied.length === 0) return [style.faint(text)];
  const shown = notApplied.slice(0, CHOICES_SHOWN_MAX).map((identity) => visible(`"${identity}"`));
  const hidden = notApplied.length - shown.length;
  const names = hidden === 0 ? shown : [...shown, `and ${count(hidden)} more`];
  return [style.notable(`${text}; not applied:`), ...indented(wrapList(names, width - 2), "  ")];
}

function notTheSame(plainDigest: string, digest: string): string {
  return (
    `NOT DETERMINISTIC: the same plan gave digest ${plainDigest} and then ${digest}; ` +
    "--twice shows the first event that differs"
  );
}

/** A run that could not be finished. The stack is shown only where it may lead into the system under test. */
export function renderFailedReplay(plan: Plan, error: unknown, page: Page): string[] {
  const { name, message, stack = "" } = error instanceof Error ? error : new Error(String(error));
  const isSelfExplaining = name === "NondeterminismError" || name === "RunawayError";
  const frames = stack.split("\n").filter((line) => /^\s+at /.test(line));
  return [
    ...renderPlan(plan, page),
    "",
    ...wrap(`the run could not be finished: ${visible(`${name}: ${message}`)}`, page.width).map(
      page.style.bad,
    ),
    ...(isSelfExplaining ? [] : frames.slice(0, FRAMES_SHOWN_MAX).map(visible)),
  ];
}

function logLines(
  events: Replay["events"],
  violation: Violation | undefined,
  machines: readonly string[],
  log: LogKind,
  page: Page,
): string[] {
  const { style } = page;
  if (log === "all") {
    const title = style.strong(`Event log, all ${counted(events.length, "event")}, times in ms`);
    return ["", title, ...renderEvents(events, machines, page, WHOLE_TEXT_LENGTH_MIN)];
  }
  if (log === "none" || violation === undefined) return [];
  const around = eventsAround(events, violation);
  const shown = mostTelling(around, LOG_EVENTS_MAX);
  const leftOut = around.length - shown.length;
  const ofThese = leftOut > 0 ? `${counted(leftOut, "event")} of these operations and ` : "";
  const about = visible(
    violation.key === null ? violation.invariant : `${violation.invariant}, key ${violation.key}`,
  );
  const title = `Event log around the violation (${about}), times in ms`;
  const others = events.length - around.length;
  return [
    "",
    style.strong(title),
    ...renderEvents(shown, machines, page),
    style.faint(`${ofThese}${counted(others, "other event")} left out; --log all shows every one`),
  ];
}

function statisticsFacts(statistics: RunStatistics): [string, string][] {
  const { operations, network, disk, eventCount, virtualMs, crashCount, ghostCount } = statistics;
  const { sent, delivered, lost, blocked, overflowed, refused, duplicated, corrupted, held, bytes } = network;
  const fates: readonly (readonly [number, string])[] = [
    [delivered, "delivered"],
    [lost, "lost"],
    [blocked, "cut off"],
    [overflowed, "dropped at a full queue"],
    [refused, "to a machine that was down"],
    [duplicated, "repeated"],
    [corrupted, "damaged"],
    [held, "held up"],
  ];
  const crashes = crashCount === 0 ? "" : `, ${count(crashCount)} crash${crashCount === 1 ? "" : "es"}`;
  const ghosts = ghostCount === 0 ? "" : `, ${counted(ghostCount, "effect")} of dead lives dropped`;
  return [
    ["events", `${count(eventCount)} in ${span(virtualMs)} of virtual time${crashes}${ghosts}`],
    [
      "operations",
      `${count(operations.total)}: ${count(operations.ok)} ok, ${count(operations.fail)} fail, ` +
        `${count(operations.indeterminate)} indeterminate`,
    ],
    [
      "messages",
      [
        `${count(sent)} sent (${count(bytes)} bytes)`,
        ...fates.filter(([number]) => number > 0).map(([number, what]) => `${count(number)} ${what}`),
      ].join(", "),
    ],
    ...(disk.bytesWritten > 0 ? [["disks", diskText(disk)] as [string, string]] : []),
  ];
}

function diskText({
  syncs,
  bytesWritten,
  bytesLost,
  failures,
  refused,
  bitsFlipped,
}: DiskStatistics): string {
  const mishaps: readonly (readonly [number, string])[] = [
    [bytesLost, "of them lost before they were synced"],
    [failures, "failed"],
    [refused, "refused for want of room"],
    [bitsFlipped, bitsFlipped === 1 ? "bit flipped" : "bits flipped"],
  ];
  return [
    counted(syncs, "sync"),
    `${counted(bytesWritten, "byte")} written`,
    ...mishaps.filter(([number]) => number > 0).map(([number, what]) => `${count(number)} ${what}`),
  ].join(", ");
}
