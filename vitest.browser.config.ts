import { defineConfig, mergeConfig } from "vitest/config";
import usual from "./vitest.config.ts";

/** Tests of the page in a real browser, which `.ci/run` installs: `npm run test:browser`. */
export default mergeConfig(
  { ...usual, test: { ...usual.test, include: [], exclude: [] } },
  defineConfig({
    test: { include: ["test/browser/**/*.test.ts"], testTimeout: 120_000, hookTimeout: 120_000 },
  }),
);
