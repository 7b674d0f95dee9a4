import { execFileSync } from "node:child_process";
import { bareLoop } from "./bare-loop.ts";
import { cacheFigures } from "./cache.ts";
import { campaigns } from "./campaign.ts";
import { checkers } from "./checkers.ts";
import { campaignRate, millionEventPlan, runPlan, scenario } from "./end-to-end.ts";
import { figures, repeat, row } from "./measure.ts";
import { panning } from "./page.ts";
import { policyFigures } from "./policies.ts";
import { primitives } from "./primitives.ts";
import { repair } from "./repair.ts";
import { shrinking } from "./shrink.ts";
import { studies } from "./study.ts";
import { tracing } from "./trace.ts";
import { world } from "./world.ts";

/**
 * The figures that the project promises, each a ratio or a bound within this one run. `npm run bench`.
 */

const print = (line = "") => process.stdout.write(`${line}\n`);
const rssMiB = () => process.memoryUsage().rss / 1_048_576;

async function endToEnd(): Promise<void> {
  print("Events per second, end to end: sound policy, tracing off, all checks on");
  const scenarios = ["calm", "partition-heal", "lossy-network"].map(scenario);
  for (const each of scenarios) await campaignRate(each, "abd", 1, 150);
  for (const each of scenarios) {
    const ratios: number[] = [];
    const rates: number[] = [];
    for (let round = 0; round < 7; round++) {
      const bare = await bareLoop(500_000, 100);
      const rate = await campaignRate(each, "abd", 1000 * round, 60);
      rates.push(rate);
      ratios.push(rate / bare);
    }
    print(row(`  ${each.name}`, figures(rates), "events/s"));
    print(row("    of the bare loop (heap and barrier, 100 pending)", figures(ratios), "", 3));
  }
  print(row("  bare loop, 100 pending", await repeat(5, () => bareLoop(500_000, 100)), "events/s"));
  print(row("  bare loop, 10,000 pending", await repeat(5, () => bareLoop(500_000, 10_000)), "events/s"));
}

async function memory(): Promise<void> {
  print();
  print("Memory (resident)");
  const partition = scenario("partition-heal");
  const after: number[] = [];
  for (let block = 0; block < 4; block++) {
    await campaignRate(partition, "abd", 10_000 + block * 250, 250);
    globalThis.gc?.();
    after.push(rssMiB());
  }
  print(`  after ${after.map((mib, i) => `${(i + 1) * 250} seeds: ${mib.toFixed(0)} MiB`).join(", ")}`);
  const million = execFileSync(process.execPath, [new URL(import.meta.url).pathname, "million"], {
    encoding: "utf8",
  });
  print(`  ${million.trim()}`);
}

async function million(): Promise<void> {
  const { statistics } = await runPlan(millionEventPlan("abd"));
  const peakMiB = process.resourceUsage().maxRSS / 1024;
  print(`one run of ${statistics.eventCount.toLocaleString("en-US")} events: peak ${peakMiB.toFixed(0)} MiB`);
}

async function startUp(): Promise<void> {
  print();
  print("Start");
  const time = (args: string[]) =>
    repeat(9, async () => {
      const startedMs = performance.now();
      execFileSync(process.execPath, ["bin/cache-sim.js", ...args]);
      return performance.now() - startedMs;
    });
  print(row("  cache-sim --help", await time(["--help"]), "ms"));
  print(row("  cache-sim list", await time(["list"]), "ms"));
}

if (process.argv[2] === "million") await million();
else if (process.argv[2] === "primitives") await primitives(print);
else if (process.argv[2] === "repair") repair(print);
else if (process.argv[2] === "checkers") await checkers(print);
else if (process.argv[2] === "trace") await tracing(print);
else if (process.argv[2] === "page") await panning(print);
else if (process.argv[2] === "campaign") await campaigns(print);
else if (process.argv[2] === "study") studies(print);
else if (process.argv[2] === "shrink") await shrinking(print);
else if (process.argv[2] === "world") await world(print);
else if (process.argv[2] === "cache") await cacheFigures(print);
else if (process.argv[2] === "policies") await policyFigures(print);
else {
  await endToEnd();
  // Each in a process of its own, whose heap and compiled code are those of a program that uses them.
  const bench = new URL(import.meta.url).pathname;
  for (const section of [
    "trace",
    "world",
    "primitives",
    "cache",
    "policies",
    "checkers",
    "shrink",
    "campaign",
    "study",
    "page",
  ]) {
    execFileSync(process.execPath, ["--expose-gc", bench, section], { stdio: "inherit" });
  }
  repair(print);
  await memory();
  await startUp();
}
