// Replays the golden plans on every supported Node version: the hashes must be those that are committed.
// The binaries come from npm packages, since that registry is all that a build machine may reach.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compareHashes } from "./compare-hashes.js";

const VERSIONS = ["20", "22", "24", "26"];
const golden = JSON.parse(readFileSync("test/determinism/golden-hashes.json", "utf8"));
const folder = mkdtempSync(join(tmpdir(), "node-versions-"));

/** The version that runs this is here already. */
function binaryOf(version) {
  if (process.version.startsWith(`v${version}.`)) return process.execPath;
  const prefix = join(folder, version);
  const name = `node-linux-${process.arch}`;
  execFileSync("npm", ["install", "--silent", "--no-save", "--prefix", prefix, `${name}@${version}`], {
    stdio: "inherit",
  });
  return join(prefix, "node_modules", name, "bin", "node");
}

/** What is wrong on one version. One that cannot run the plans at all does not keep the others from being tried. */
function problemsOn(version) {
  try {
    const run = (binary, args) => execFileSync(binary, args, { encoding: "utf8" }).trim();
    const binary = binaryOf(version);
    const exact = run(binary, ["--version"]);
    const printed = JSON.parse(run(binary, ["test/determinism/print-hashes.js"]));
    const wrong = compareHashes(exact, golden, printed);
    if (wrong.length === 0) console.log(`${exact}: ${Object.keys(golden).length} hashes equal`);
    return wrong;
  } catch (error) {
    return [`Node ${version}: the plans could not be run: ${error.message}`];
  }
}

try {
  const problems = VERSIONS.flatMap(problemsOn);
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
