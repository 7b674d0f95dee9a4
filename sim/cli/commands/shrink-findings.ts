import { basename, join } from "node:path";
import type { Plan } from "../../run/plan.ts";
import { commandLine } from "../../report/command-line.ts";
import { counted } from "../../report/units.ts";
import { visible } from "../../report/visible.ts";
import type { Finding } from "../../search/findings.ts";
import type { Harness } from "../../search/harness.ts";
import { planFileName } from "../../search/plan-files.ts";
import { planText } from "../../search/plan-text.ts";
import { shrink } from "../../search/shrink.ts";
import { writeFileWhole } from "../../search/write-file.ts";
import { writeProblem } from "../write-problem.ts";

/** What a shrunk plan is called: it stands beside the plan that it was made of. */
export function shrunkFileName(plan: Pick<Plan, "scenario" | "policy" | "seed">, invariant = ""): string {
  const name = basename(planFileName(plan), ".plan.json");
  return `${name}${invariant === "" ? "" : `-${invariant}`}.shrunk.plan.json`;
}

/** A campaign may find much that is wrong, and whoever mends the first of it starts another one. */
const SHRUNK_MAX = 10;
/** Runs for each finding, less than `cache-sim shrink` takes: seconds rather than minutes. */
const CANDIDATES_MAX = 1000;

/** Makes the plans of findings small and writes them. @returns a line for each */
export async function shrinkFindings(
  found: readonly { readonly finding: Finding; readonly plan: Plan }[],
  folder: string,
  harness: Harness,
  signal: AbortSignal,
): Promise<string[]> {
  const lines: string[] = [];
  for (const { finding, plan } of found.slice(0, SHRUNK_MAX)) {
    if (signal.aborted) return [...lines, "interrupted: the other plans are not shrunk"];
    const isMeant = ({ invariant }: { readonly invariant: string }): boolean => invariant === finding.name;
    const shrinking = await shrink(plan, { harness, isMeant, candidatesMax: CANDIDATES_MAX, signal });
    if (shrinking.kind !== "shrunk") continue;
    const { operations, faults } = shrinking.plan;
    const file = join(folder, shrunkFileName(plan, finding.name));
    const text = `${finding.name} shrunk to ${counted(operations.length, "operation")} and ${counted(faults.length, "fault")}`;
    try {
      await writeFileWhole(file, planText(shrinking.plan));
      lines.push(visible(text), `  ${commandLine(["npx", "cache-sim", "explain", file])}`);
    } catch (error) {
      return [...lines, writeProblem(file, error)];
    }
  }
  const others = found.length - SHRUNK_MAX;
  if (others > 0)
    lines.push(`${counted(others, "more plan")} not shrunk: \`cache-sim shrink\` makes each small`);
  return lines;
}
