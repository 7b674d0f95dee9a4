import { defineConfig } from "vitest/config";
import usual from "./vitest.config.ts";

const { pool, maxWorkers } = usual.test ?? {};

/** Tests that take minutes: `npm run test:long`. */
export default defineConfig({
  ...usual,
  test: { pool, maxWorkers, include: ["test/long/**/*.test.ts"], testTimeout: 600_000 },
});
