import { defineConfig } from "vitest/config";

// Tests import the TypeScript sources of every package through its "source" export condition,
// so that a test never runs against a stale build.
export default defineConfig({
  resolve: { conditions: ["source"] },
  ssr: { resolve: { conditions: ["source"] } },
  test: {
    include: ["test/**/*.test.ts", "packages/*/test/**/*.test.ts"],
    exclude: ["test/long/**", "test/browser/**", "**/node_modules/**", "**/dist/**"],
    pool: "threads",
    testTimeout: 20_000,
  },
});
