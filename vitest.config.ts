import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { configDefaults, defineConfig } from "vitest/config";

/** Measure, patch or kill the thread or process that they run in, which no other test may see. */
const APART = [
  "test/e2e/**/*.test.ts",
  "test/unit/kernel/tripwire.test.ts",
  "packages/*/test/*-{memory,cost}.test.ts",
];

// Tests import the TypeScript sources of every package through its "source" export condition,
// so that a test never runs against a stale build.
export default defineConfig({
  resolve: {
    conditions: ["source"],
    // The examples import the package by its name, as its users do.
    alias: {
      "cache-sim/vitest": fileURLToPath(new URL("sim/vitest.ts", import.meta.url)),
      "cache-sim/fast-check": fileURLToPath(new URL("sim/fast-check.ts", import.meta.url)),
      "cache-sim/sim": fileURLToPath(new URL("sim/index.ts", import.meta.url)),
      "cache-sim/system": fileURLToPath(new URL("sim/system.ts", import.meta.url)),
      "cache-sim": fileURLToPath(new URL("src/index.ts", import.meta.url)),
    },
  },
  ssr: { resolve: { conditions: ["source"] } },
  test: {
    pool: "threads",
    maxWorkers: availableParallelism(),
    testTimeout: 20_000,
    projects: [
      {
        extends: true,
        test: {
          // One thread loads the code once for all of its files: a run leaves nothing behind in it.
          name: "together",
          isolate: false,
          include: ["test/**/*.test.ts", "packages/*/test/**/*.test.ts", "examples/**/*.test.ts"],
          exclude: [...configDefaults.exclude, "test/long/**", "test/browser/**", ...APART],
        },
      },
      { extends: true, test: { name: "apart", include: APART } },
    ],
  },
});
