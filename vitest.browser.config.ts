import { defineConfig } from "vitest/config";
import usual from "./vitest.config.ts";

const { pool } = usual.test ?? {};

/** Tests of the page in a real browser, which `.ci/run` installs: `npm run test:browser`. */
export default defineConfig({
  ...usual,
  test: { pool, include: ["test/browser/**/*.test.ts"], testTimeout: 120_000, hookTimeout: 120_000 },
});
