import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { figures, repeat, row } from "./measure.ts";

type Print = (line?: string) => void;

/** A campaign as a user starts one, with the report that it writes. */
interface Ended {
  /** From the first batch to the last, without the start of the process. */
  readonly elapsedMs: number;
  readonly wallMs: number;
}

function campaign(folder: string, words: readonly string[]): Ended {
  const file = join(folder, "report.json");
  const startedMs = performance.now();
  const args = ["bin/cache-sim.js", "run", ...words, "--reports", folder, "--output", `json=${file}`];
  execFileSync(process.execPath, args, { stdio: ["ignore", "ignore", "inherit"] });
  const wallMs = performance.now() - startedMs;
  const { timings } = JSON.parse(readFileSync(file, "utf8")) as { readonly timings: Ended };
  return { elapsedMs: timings.elapsedMs, wallMs };
}

const FULL = ["everything", "--policy", "abd"];
const SEEDS = 500;

/** Whole campaigns: what a second worker gives, how long thousands of seeds take, and how long until anything runs. */
export async function campaigns(print: Print): Promise<void> {
  print();
  print("Campaigns");
  const folder = mkdtempSync(join(tmpdir(), "cache-sim-bench-"));
  const timed = (workers: number, scenario: readonly string[], seeds: number): Ended =>
    campaign(folder, [...scenario, "--seeds", `1..${seeds}`, "--workers", String(workers)]);
  try {
    const ratios: number[] = [];
    const seconds: number[] = [];
    for (let round = 0; round < 3; round++) {
      const one = timed(1, FULL, SEEDS);
      const two = timed(2, FULL, SEEDS);
      ratios.push(one.elapsedMs / two.elapsedMs);
      // A thread is slower until its code is compiled, so what is left is taken at the rate of the second half.
      const half = timed(2, FULL, SEEDS / 2);
      const laterMs = (two.elapsedMs - half.elapsedMs) / (SEEDS / 2);
      seconds.push((two.elapsedMs + laterMs * (10_000 - SEEDS)) / 1000);
    }
    print(row("  two workers, times as fast as one (at least 1.8)", figures(ratios), "", 2));
    print(row("  10,000 seeds of everything under abd, two workers (at most 60)", figures(seconds), "s"));
    const starts = await repeat(5, async () => timed(1, ["calm", "--policy", "abd"], 1).wallMs);
    print(row("  a campaign of one run, from its start to its end (at most 1,000)", starts, "ms"));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
