import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { figures, row } from "./measure.ts";

type Print = (line?: string) => void;

/** Four policies, six networks, 200 operations a run. */
const STUDY = `name: bench
story: What does a study take?
scenario:
  cluster: { machines: 5 }
  workload: { clients: 5, operations: 40, keys: 12 }
  phases: { safety: 10s, settle: 5s, audit: 3s }
  faults: [{ kind: partition, count: 1..2, lasts: 1s..4s }]
policies: [seed, quorum, abd, async-primary]
networks:
  room: { latency: { kind: lognormal, median: 1ms, p99: 10ms } }
  house: { latency: { kind: lognormal, median: 2ms, p99: 20ms } }
  town: { latency: { kind: lognormal, median: 5ms, p99: 80ms } }
  lossy: { latency: { kind: lognormal, median: 5ms, p99: 80ms }, loss: 2% }
  twice: { latency: { kind: lognormal, median: 10ms, p99: 80ms }, duplicate: 1% }
  world: { latency: { kind: lognormal, median: 20ms, p99: 100ms }, loss: 1% }
`;
const SEEDS_ALL = 200;
const SEEDS_FEW = 20;

/** How long comparisons take that are to be waited for. */
export function studies(print: Print): void {
  print();
  print("Studies");
  const folder = mkdtempSync(join(tmpdir(), "cache-sim-bench-"));
  const file = join(folder, "bench.yaml");
  writeFileSync(file, STUDY);
  const seconds = (words: readonly string[]): number => {
    const startedMs = performance.now();
    const stdio = ["ignore", "ignore", "inherit"] as const;
    execFileSync(process.execPath, ["bin/cache-sim.js", ...words, "--workers", "2"], { stdio: [...stdio] });
    return (performance.now() - startedMs) / 1000;
  };
  try {
    const whole: number[] = [];
    for (let round = 0; round < 3; round++) {
      const few = seconds(["explore", file, "--seeds", String(SEEDS_FEW)]);
      const more = seconds(["explore", file, "--seeds", String(2 * SEEDS_FEW)]);
      // A thread is slower until its code is compiled, so what is left is taken at the rate of the second half.
      whole.push(more + ((more - few) / SEEDS_FEW) * (SEEDS_ALL - 2 * SEEDS_FEW));
    }
    print(row("  4 policies, 6 networks, 200 seeds, 200 operations (at most 120)", figures(whole), "s"));
    print(
      row(
        "  the table of PBS, 24 cells of 20,000 trials (at most 300)",
        figures([seconds(["validate", "pbs"])]),
        "s",
      ),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
