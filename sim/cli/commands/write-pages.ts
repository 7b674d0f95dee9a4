import { join } from "node:path";
import { replayCommand, strategyFlag } from "../../report/command-line.ts";
import { htmlPage } from "../../report/html/index.ts";
import type { Plan } from "../../run/plan.ts";
import { type Finding, reasonOf } from "../../search/findings.ts";
import { type Harness, optionsFor } from "../../search/harness.ts";
import { planFileName } from "../../search/plan-files.ts";
import { writeFileWhole } from "../../search/write-file.ts";
import { replay } from "../../trace/replay.ts";
import { readVersion } from "../version.ts";

/** A finding, and the plan of its seed. */
export interface FoundPlan {
  readonly finding: Finding;
  readonly plan: Plan;
}

export interface PagesOptions {
  readonly harness: Harness;
  readonly isStrict: boolean;
  readonly nodeVersion: string;
  /** The file of the scenario, to name in the line that replays the run. */
  readonly fileOf: (finding: Finding) => string;
}

/**
 * Writes a page beside each plan, by running it again. What cannot be run to its end has none.
 *
 * @returns how many; throws what writing throws
 */
export async function writePages(
  found: readonly FoundPlan[],
  folder: string,
  { harness, isStrict, nodeVersion, fileOf }: PagesOptions,
): Promise<number> {
  const writer = { code: await readVersion(), node: nodeVersion };
  const byName = new Map(found.map((each) => [pageFileName(each.finding), each]));
  let count = 0;
  for (const [name, { finding, plan }] of byName) {
    let page: string;
    try {
      const replayed = await replay(plan, optionsFor(harness, plan));
      const command = replayCommand(fileOf(finding), plan.policy, plan.seed, strategyFlag(finding.strategy));
      page = htmlPage(replayed, { command, whyExpected: reasonOf(harness, plan, isStrict), writer });
    } catch {
      // The finding itself says that the run cannot be finished.
      continue;
    }
    await writeFileWhole(join(folder, name), page);
    count++;
  }
  return count;
}

function pageFileName(finding: Finding): string {
  return planFileName(finding).replace(/\.plan\.json$/, ".html");
}
