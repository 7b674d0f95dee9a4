import { defineConfig, mergeConfig } from "vitest/config";
import usual from "./vitest.config.ts";

/** Tests that take minutes: `npm run test:long`. */
export default mergeConfig(
  { ...usual, test: { ...usual.test, include: [], exclude: [] } },
  defineConfig({ test: { include: ["test/long/**/*.test.ts"], testTimeout: 600_000 } }),
);
