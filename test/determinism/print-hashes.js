// Replays every golden plan with the built harness and prints the trace hashes as JSON. Plain JavaScript, so that
// any Node version can run it as it is. With --write it makes the printed hashes the golden ones.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { invariants, replay } from "../../dist/bundle/sim.js";
import { systems } from "../../dist/bundle/systems.js";

const plans = new URL("plans/", import.meta.url);
const hashes = {};
for (const file of readdirSync(plans).toSorted()) {
  const plan = JSON.parse(readFileSync(new URL(file, plans), "utf8"));
  const system = systems.find(({ name }) => name === plan.system);
  const { traceHash } = await replay(plan, { system, invariants });
  hashes[file] = traceHash;
}
const text = `${JSON.stringify(hashes, null, 2)}\n`;
if (process.argv.includes("--write")) {
  writeFileSync(new URL("golden-hashes.json", import.meta.url), text);
}
process.stdout.write(text);
