// Puts what the compiler wrote together into few files. Reading several hundred small modules takes longer than most
// runs do, and a process and each of its threads would begin with half a second of it. No module is in two files, so
// whoever loads it, by whatever name, has the same copy. The types stay with the compiler's output.
import { build } from "rolldown";

/** Users load these by the exports of the package, threads by their names: see `sim/search/package-files.ts`. */
const modules = {
  cli: "dist/sim/cli/main.js",
  worker: "dist/sim/search/worker.js",
  hunter: "dist/sim/search/bugs/hunter.js",
  "study-worker": "dist/sim/cli/workers/study-worker.js",
  systems: "dist/sim/systems/index.js",
  bugs: "dist/scenarios/bugs/index.js",
  index: "dist/src/index.js",
  sim: "dist/sim/index.js",
  system: "dist/sim/system.js",
  vitest: "dist/sim/vitest.js",
  "fast-check": "dist/sim/fast-check.js",
};

/** Those of which a user's own modules must see the same copy, and one that starts threads with a file of its own. */
const external = [/^@phyxius\//, /^(@fast-check\/)?vitest$/, "fast-check", "tinypool"];

/** Scripts that are put into a page, each whole. */
const pages = { run: "dist/sim/report/page/main.js", study: "dist/sim/report/page/study.js" };

await build({
  input: modules,
  external,
  platform: "node",
  output: {
    dir: "dist/bundle",
    cleanDir: true,
    chunkFileNames: "chunks/[name].js",
    // Errors are called by the names of their classes.
    keepNames: true,
    // The tripwire tells its own frames in a stack by the folder that they are in.
    codeSplitting: {
      groups: [{ name: "kernel/tripwire", test: /\/kernel\/(caller|guards?|tripwire)\.js$/ }],
    },
  },
});

for (const [name, input] of Object.entries(pages)) {
  await build({ input, output: { file: `dist/bundle/page/${name}.js`, format: "iife" } });
}
