import { renderViolation } from "../report/certificate.ts";
import { plainPage } from "../report/page.ts";
import type { Violation } from "../run/invariant.ts";
import type { Outcome } from "../run/outcome.ts";
import { reasonOf } from "../search/findings.ts";
import type { Harness } from "../search/harness.ts";

/** The violations that make a test fail: all of them, or those of promises and of what nobody may break. */
export function unexpectedIn(
  { plan, violations }: Outcome,
  harness: Harness,
  isStrict: boolean,
): readonly Violation[] {
  const whyExpected = reasonOf(harness, plan, isStrict);
  return violations.filter((violation) => whyExpected(violation) === null);
}

/** What a failing test prints: each violation with what proves it, and how to see it again. */
export function failureText(
  { plan }: Outcome,
  unexpected: readonly Violation[],
  replayLine: string | null,
): string {
  const count = unexpected.length === 1 ? "1 promise" : `${unexpected.length} promises`;
  return [
    `${plan.scenario} with seed ${plan.seed} breaks ${count} of ${plan.policy}:`,
    ...unexpected.flatMap((violation) => ["", ...renderViolation(violation, null, plainPage)]),
    ...(replayLine === null ? [] : ["", "See it again, event by event:", `  ${replayLine}`]),
  ].join("\n");
}
