import { choiceIdentity } from "../../kernel/choices.ts";
import type { Plan } from "../../run/plan.ts";
import { run } from "../../run/run.ts";
import { type Harness, optionsFor } from "../harness.ts";
import type { Attempts } from "./attempts.ts";
import { minimize } from "./minimize.ts";

/** Of more choices than these a reader would not want a list, and finding the few that matter takes long. */
const CHOICES_MAX = 20_000;

/**
 * Makes every choice of the run as mild as it can be, except those few that the failure needs: these are then in the
 * plan, and nothing is left to chance.
 */
export async function milderChoices(attempts: Attempts, harness: Harness): Promise<void> {
  const { plan } = attempts;
  if (plan.otherChoices !== "mildest") {
    if (!(await attempts.attempt(withChoices(plan, [])))) {
      const taken = await choicesOf(plan, harness);
      if (taken.length > CHOICES_MAX) return;
      // Not the same as before only if something takes choices that have no names of their own.
      if (!(await attempts.attempt(withChoices(plan, taken)))) return;
    }
  }
  const given = Object.entries(attempts.plan.choices ?? {});
  await minimize(given, (kept) => attempts.attempt(withChoices(attempts.plan, kept)));
  for (const [identity, quantile] of Object.entries(attempts.plan.choices ?? {})) {
    for (const milder of roundQuantiles(quantile)) {
      const choices = { ...attempts.plan.choices, [identity]: milder };
      if (await attempts.attempt({ ...attempts.plan, choices })) break;
    }
  }
}

type Choice = readonly [identity: string, quantile: number];

function withChoices(given: Plan, kept: readonly Choice[]): Plan {
  const { choices: _, otherChoices: __, ...plan } = given;
  const choices = kept.length === 0 ? {} : { choices: Object.fromEntries(kept) };
  return { ...plan, ...choices, otherChoices: "mildest" };
}

/** Every choice that a run takes, and that is not as mild as can be. */
async function choicesOf(plan: Plan, harness: Harness): Promise<Choice[]> {
  const taken = new Map<string, number>();
  await run(plan, {
    ...optionsFor(harness, plan),
    chooser: (usual) => ({
      quantile(site, cause, ordinal) {
        const quantile = usual.quantile(site, cause, ordinal);
        if (quantile > 0) taken.set(choiceIdentity(site, cause, ordinal), quantile);
        return quantile;
      },
    }),
  });
  return [...taken];
}

/** Milder quantiles that are short to write, the mildest first. */
function roundQuantiles(quantile: number): number[] {
  const rounded = [0.5, 0.9, 0.95, 0.99, 0.999, ...[10, 100, 1000].map((n) => Math.floor(quantile * n) / n)];
  return [...new Set(rounded)].filter((each) => each < quantile).sort((a, b) => a - b);
}
