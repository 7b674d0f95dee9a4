import { counted } from "../../report/units.ts";
import { visible } from "../../report/visible.ts";
import type { Plan } from "../../run/plan.ts";
import { groupFindings } from "../../search/finding-groups.ts";
import type { Finding } from "../../search/findings.ts";
import { type Harness, planOf } from "../../search/harness.ts";
import { writePlans } from "../../search/plan-files.ts";
import { type CliContext, printLines } from "../context.ts";
import { catchInterrupt } from "../interrupt.ts";
import { writeProblem } from "../write-problem.ts";
import type { FileJob } from "./campaign-jobs.ts";
import type { RunFlags } from "./run-command.ts";
import { shrinkFindings } from "./shrink-findings.ts";
import { type FoundPlan, writePages } from "./write-pages.ts";

/** What was found, and where the plans of it come from. */
export interface FindingPlans {
  readonly harness: Harness;
  readonly findings: readonly Finding[];
  /** The plan of a finding's seed, drawn again; null when not even that is possible. */
  readonly planOf: (finding: Finding) => Plan | null;
  /** The file of the scenario, as commands name it. */
  readonly fileOf: (finding: Finding) => string;
}

export function findingPlans(
  harness: Harness,
  jobs: readonly FileJob[],
  findings: readonly Finding[],
): FindingPlans {
  const jobOf = (finding: Finding): FileJob | undefined =>
    jobs.find(({ scenario, policy }) => scenario.name === finding.scenario && policy === finding.policy);
  return {
    harness,
    findings,
    planOf(finding) {
      const job = jobOf(finding);
      try {
        return job === undefined ? null : planOf(harness, job, finding.seed);
      } catch {
        // The run could not be finished because not even its plan can be drawn, which is what the finding says.
        return null;
      }
    },
    fileOf: (finding) => jobOf(finding)?.file ?? finding.scenario,
  };
}

/** Writes plans, pages and shrunk plans, and says where they are. */
export async function saveFindings(
  context: CliContext,
  plans: FindingPlans,
  flags: RunFlags,
): Promise<string[]> {
  return [
    ...(await savePlans(context, plans, flags.reports)),
    ...(flags.html ? await savePages(context, plans, flags) : []),
    ...(flags.shrink ? await saveShrunk(context, plans, flags.reports) : []),
  ];
}

/** A plan for each way in which a promise was broken: that of the finding to look at. */
export function plansOfFailures({ findings, planOf: plan }: FindingPlans): FoundPlan[] {
  const failures = findings.filter(({ isExpected, kind }) => !isExpected && kind === "violation");
  return withPlans(
    groupFindings(failures).map(({ finding }) => finding),
    plan,
  );
}

function withPlans(findings: readonly Finding[], planOfFinding: FindingPlans["planOf"]): FoundPlan[] {
  return findings.flatMap((finding) => {
    const plan = planOfFinding(finding);
    return plan === null ? [] : [{ finding, plan }];
  });
}

/** A disk that cannot be written to costs the files, nothing else. */
async function savePlans(
  { process: { stderr } }: CliContext,
  { findings, planOf: plan }: FindingPlans,
  folder: string,
): Promise<string[]> {
  const { files, problem } = await writePlans(findings, folder, plan);
  if (problem !== null) {
    const advice = "the commands above work without them; --reports DIR writes them elsewhere";
    printLines(stderr, [writeProblem(folder, problem, advice)]);
  }
  return files.length === 0
    ? []
    : [visible(`${counted(files.length, "plan")} in ${folder}/ to edit and replay`)];
}

async function savePages(
  { process }: CliContext,
  { harness, findings, planOf: plan, fileOf }: FindingPlans,
  { reports, strict }: RunFlags,
): Promise<string[]> {
  const found = withPlans(findings, plan);
  const options = { harness, isStrict: strict, nodeVersion: process.version, fileOf };
  try {
    const count = await writePages(found, reports, options);
    return count === 0 ? [] : [visible(`${counted(count, "page")} in ${reports}/ to open in a browser`)];
  } catch (error) {
    printLines(process.stderr, [writeProblem(reports, error)]);
    return [];
  }
}

/** Only of what was not expected, which is to be looked at. */
async function saveShrunk(
  { process, takeOver }: CliContext,
  plans: FindingPlans,
  folder: string,
): Promise<string[]> {
  const interrupt = catchInterrupt(process, takeOver);
  try {
    return await shrinkFindings(plansOfFailures(plans), folder, plans.harness, interrupt.signal);
  } finally {
    interrupt.release();
  }
}
