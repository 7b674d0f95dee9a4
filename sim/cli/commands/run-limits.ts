import type { CampaignOptions } from "../../search/campaign.ts";
import { seedsOf } from "../../search/shard.ts";
import { shardProblem } from "../parse/parse-shard.ts";
import { UsageError } from "../usage-error.ts";
import type { FileJob } from "./campaign-jobs.ts";
import type { RunFlags } from "./run-command.ts";

/** How much of a campaign is run, and when it ends. */
export type CampaignLimits = Pick<
  CampaignOptions,
  "seeds" | "wholeSeeds" | "failuresMax" | "isStrict" | "timeBudgetMs" | "seedTimeoutMs"
>;

export function campaignLimits(flags: RunFlags): CampaignLimits {
  const { seeds, shard, failFast, maxFailures } = flags;
  if (failFast && maxFailures !== undefined) {
    throw new UsageError(["--fail-fast: expected it without --max-failures; it is --max-failures 1"]);
  }
  const problem = shard === undefined ? null : shardProblem(shard, seeds);
  if (problem !== null) throw new UsageError([problem]);
  return {
    seeds: shard === undefined ? seeds : seedsOf(shard, seeds),
    wholeSeeds: seeds,
    failuresMax: failFast ? 1 : maxFailures,
    isStrict: flags.strict,
    timeBudgetMs: flags.timeBudget,
    seedTimeoutMs: flags.seedTimeout,
  };
}

export function isFirstShard({ shard }: RunFlags): boolean {
  return shard === undefined || shard.number === 1;
}

/** The jobs whose scenarios have one of the names and one of the tags that were asked for. */
export function chosenJobs(jobs: readonly FileJob[], { scenario: globs, tag: tags }: RunFlags): FileJob[] {
  const chosen = jobs.filter(
    ({ scenario }) =>
      (globs === undefined || globs.some((glob) => glob.test(scenario.name))) &&
      (tags === undefined || tags.some((tag) => scenario.tags.includes(tag))),
  );
  if (chosen.length === 0) {
    const flags = [globs === undefined ? [] : "--scenario", tags === undefined ? [] : "--tag"].flat();
    const known = [...new Set(jobs.flatMap(({ scenario }) => scenario.tags))].sort();
    const hint = tags === undefined ? "" : `; there are the tags ${known.join(", ") || "(none)"}`;
    throw new UsageError([`${flags.join(" and ")}: no scenario matches (cache-sim list shows all)${hint}`]);
  }
  return chosen;
}
