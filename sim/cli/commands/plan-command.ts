import { planText } from "../../search/plan-text.ts";
import { type CliContext, toAction } from "../context.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { drawFromFile, type SeedFlags } from "../load-replayable.ts";
import { withSystem } from "../user-policies.ts";

export type PlanFlags = Required<Pick<SeedFlags, "seed">> &
  Pick<SeedFlags, "system" | "policy" | "invariant" | "strategy" | "under">;

/** Prints the exact plan that a seed makes of a scenario. */
async function printPlan({ process }: CliContext, flags: PlanFlags, word: string): Promise<ExitCode> {
  const cwd = process.cwd();
  const { plan } = await drawFromFile(word, await withSystem(flags, cwd), cwd);
  process.stdout.write(planText(plan));
  return EXIT.ok;
}

export default toAction(printPlan);
