import { join } from "node:path";
import type { Plan } from "../run/plan.ts";
import type { Finding } from "./findings.ts";
import { planText } from "./plan-text.ts";
import { writeFileWhole } from "./write-file.ts";

export interface WrittenPlans {
  /** Paths of the files that were written, one a plan however many problems it shows. */
  readonly files: readonly string[];
  /** Why writing was given up; null when everything was written. */
  readonly problem: Error | null;
}

/**
 * Writes the plan of each finding's seed to a folder.
 *
 * @param planOf the plan of a finding, drawn again; null when not even that is possible
 */
export async function writePlans(
  findings: readonly Finding[],
  folder: string,
  planOf: (finding: Finding) => Plan | null,
): Promise<WrittenPlans> {
  const byName = new Map(findings.map((finding) => [planFileName(finding), finding]));
  const files: string[] = [];
  for (const [name, finding] of byName) {
    const plan = planOf(finding);
    if (plan === null) continue;
    try {
      const path = join(folder, name);
      await writeFileWhole(path, planText(plan));
      files.push(path);
    } catch (error) {
      return { files, problem: error as Error };
    }
  }
  return { files, problem: null };
}

export function planFileName({
  scenario,
  policy,
  seed,
}: Pick<Finding, "scenario" | "policy" | "seed">): string {
  // A policy may be named by a path.
  return `${`${scenario}-${policy}-${seed}`.replaceAll(/[^A-Za-z0-9._-]+/g, "-")}.plan.json`;
}
