import { readScenario } from "../../run/load/load-file.ts";
import { visible } from "../../report/visible.ts";
import { didYouMean, oneOf } from "../../run/suggest.ts";
import type { Job } from "../../search/job.ts";
import { knownNames, policyProblems } from "../known.ts";
import { problemLines, UsageError } from "../usage-error.ts";
import { policyPath } from "../user-policies.ts";

/** A job, and the file that its scenario came from, to name in commands. */
export interface FileJob extends Job {
  readonly file: string;
}

/** A baseline, to be broken, beside a sound policy, to stay whole. */
const POLICIES_USUAL = ["seed", "abd"];

/**
 * Every scenario under every policy, in the order given. Throws a UsageError with everything that is wrong with
 * any of the files.
 *
 * @param policies those of the command line; when there are none, each scenario's own
 * @param tags of which a scenario needs one; none asks for none
 */
export function campaignJobs(
  files: readonly string[],
  policies: readonly string[],
  cwd: string,
  tags: readonly string[] = [],
): FileJob[] {
  const problems = policies.flatMap((policy) => policyProblems("--policy", policy));
  const fileByName = new Map<string, string>();
  const jobs = files.flatMap((file): FileJob[] => {
    const loaded = readScenario(file, knownNames);
    problems.push(...problemLines(loaded));
    if (!loaded.ok) return [];
    const scenario = loaded.value;
    const other = fileByName.get(scenario.name);
    if (other !== undefined) {
      problems.push(
        visible(`${file} name: "${scenario.name}" is the name of ${other} as well; names tell reports apart`),
      );
    }
    fileByName.set(scenario.name, file);
    const own = scenario.policies ?? POLICIES_USUAL;
    if (policies.length === 0)
      problems.push(...own.flatMap((policy) => policyProblems(`${file} policies`, policy)));
    const wanted = (policies.length > 0 ? policies : own).map((policy) => policyPath(policy, cwd));
    if (problems.length === 0) {
      const { replication } = scenario.cluster;
      problems.push(
        ...wanted.flatMap((policy) => policyProblems(`${file} with ${policy}`, policy, replication)),
      );
    }
    return [...new Set(wanted)].map((policy) => ({ scenario, policy, file }));
  });
  if (problems.length > 0) throw new UsageError(problems);
  return tagged(jobs, tags);
}

function tagged(jobs: readonly FileJob[], tags: readonly string[]): FileJob[] {
  if (tags.length === 0) return [...jobs];
  const found = jobs.filter(({ scenario }) => scenario.tags.some((tag) => tags.includes(tag)));
  if (found.length > 0) return found;
  const known = [...new Set(jobs.flatMap(({ scenario }) => scenario.tags))].sort();
  throw new UsageError([
    visible(
      `--tag ${tags.join(", ")}: no scenario has it; expected ${oneOf("tags", known)}${didYouMean(tags[0] ?? "", known)}`,
    ),
  ]);
}
