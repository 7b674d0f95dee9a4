import type { CampaignProgress } from "../search/campaign.ts";
import { count, rate, span } from "../report/units.ts";
import { cut, visible } from "../report/visible.ts";

/** Tells on stderr how far a campaign is. */
export interface Progress {
  readonly show: (progress: CampaignProgress) => void;
  /** Takes the line away, so that something else can be printed in its place. */
  readonly clear: () => void;
}

const CLEAR_LINE = "\r\u001b[K";
/** In a log file each line stays, so there are few. */
const PLAIN_EVERY_MS = 10_000;

/** One line that changes on a terminal; a line now and then anywhere else. */
export function createProgress(stderr: NodeJS.WriteStream): Progress {
  return stderr.isTTY ? liveProgress(stderr) : plainProgress(stderr);
}

function liveProgress(stderr: NodeJS.WriteStream): Progress {
  let isShown = false;
  return {
    show(progress) {
      stderr.write(CLEAR_LINE + cut(progressText(progress), Math.max(20, stderr.columns - 1)));
      isShown = true;
    },
    clear() {
      if (isShown) stderr.write(CLEAR_LINE);
      isShown = false;
    },
  };
}

function plainProgress(stderr: NodeJS.WriteStream): Progress {
  let nextMs = PLAIN_EVERY_MS;
  return {
    show(progress) {
      if (progress.elapsedMs < nextMs) return;
      nextMs = progress.elapsedMs + PLAIN_EVERY_MS;
      stderr.write(`${progressText(progress)}\n`);
    },
    clear: () => undefined,
  };
}

export function progressText(progress: CampaignProgress): string {
  const { seedsDone, seedsTotal, violatingSeeds, elapsedMs, job } = progress;
  const perSecond = seedsDone / (elapsedMs / 1000);
  const leftMs = ((seedsTotal - seedsDone) / perSecond) * 1000;
  const left = Number.isFinite(leftMs) ? `, ${span(leftMs)} left` : "";
  return (
    `${count(seedsDone)} of ${count(seedsTotal)} runs, ${rate(perSecond)}/s${left}, ` +
    `${count(violatingSeeds)} with violations; ${visible(`${job.scenario.name} ${job.policy}`)}`
  );
}
