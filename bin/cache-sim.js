#!/usr/bin/env node
// Plain JavaScript that any Node can read, so that an old one gets a sentence and not a syntax error.
import { existsSync } from "node:fs";
import process from "node:process";

// Before anything else is loaded, which takes a while: whoever interrupts that gets a sentence as well.
const interrupted = (code) => () => {
  process.stderr.write("interrupted: nothing was run\n");
  process.exit(code);
};
const onSigint = interrupted(130);
const onSigterm = interrupted(143);
process.on("SIGINT", onSigint);
process.on("SIGTERM", onSigterm);

/** For commands that have something to say when they are interrupted. */
function takeOver() {
  process.off("SIGINT", onSigint);
  process.off("SIGTERM", onSigterm);
}

const NODE_MIN = [20, 19];
const [major, minor] = process.versions.node.split(".").map(Number);
const entry = new URL("../dist/bundle/cli.js", import.meta.url);

if (major < NODE_MIN[0] || (major === NODE_MIN[0] && minor < NODE_MIN[1])) {
  process.stderr.write(
    `cache-sim needs Node ${NODE_MIN.join(".")} or later, this is ${process.versions.node}\n`,
  );
  process.exitCode = 2;
} else if (!existsSync(entry)) {
  process.stderr.write("cache-sim is not built: run `npm run build` first\n");
  process.exitCode = 2;
} else {
  const { main } = await import(entry.href);
  await main(process, takeOver);
}
