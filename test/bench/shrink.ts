import { readdirSync } from "node:fs";
import {
  enlarged,
  type FailingPlan,
  firstFailures,
  type ShrinkFigures,
  shrinkFigures,
} from "../support/shrink-figures.ts";
import { scenario } from "./end-to-end.ts";
import { figures, row } from "./measure.ts";

const LARGE = [
  "partition-heal",
  "crash-restart",
  "flapping",
  "clock-jump-back",
  "gray-link",
  "isolated-writer",
  "ttl-expiry",
  "everything",
] as const;

/** How small failing plans become, and what that costs. */
export async function shrinking(print: (line?: string) => void): Promise<void> {
  const names = readdirSync("scenarios").filter((name) => name.endsWith(".yaml"));
  const committed = names.toSorted().map((name) => scenario(name.replace(".yaml", "")));
  print();
  print("Shrinking the first failure of each scenario, policy seed");
  print(`  ${TITLES}`);
  const first = await shrinkAll(await firstFailures(committed), print);
  const sizes = first.map(({ sizeAfter }) => sizeAfter);
  print(row("  operations and faults left (median 6, none above 15)", figures(sizes), ""));
  print(row("  plans tried", figures(first.map(({ candidates }) => candidates)), ""));
  print(row("  CPU time", figures(first.map(({ cpuSeconds }) => cpuSeconds)), "s", 2));
  print();
  print("Shrinking plans of 300 operations and 20 faults");
  print(`  ${TITLES}`);
  const large = await shrinkAll(await firstFailures(LARGE.map((name) => enlarged(scenario(name)))), print);
  print(row("  CPU time (median at most 10)", figures(large.map(({ cpuSeconds }) => cpuSeconds)), "s", 2));
}

const TITLES =
  `${"scenario".padEnd(28)}${"invariant".padEnd(36)}` +
  `${"before".padStart(7)}${"after".padStart(6)}${"tried".padStart(7)}${"CPU s".padStart(8)}`;

async function shrinkAll(
  failing: readonly FailingPlan[],
  print: (line?: string) => void,
): Promise<ShrinkFigures[]> {
  const all: ShrinkFigures[] = [];
  for (const each of failing) {
    const one = await shrinkFigures(each);
    all.push(one);
    const { plan, invariant, sizeBefore, sizeAfter, candidates, cpuSeconds } = one;
    print(
      `  ${plan.scenario.padEnd(28)}${invariant.padEnd(36)}` +
        `${sizeBefore.toString().padStart(7)}${sizeAfter.toString().padStart(6)}` +
        `${candidates.toString().padStart(7)}${cpuSeconds.toFixed(2).padStart(8)}`,
    );
  }
  return all;
}
