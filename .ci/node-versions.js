// Replays the golden plans on every supported Node version: the hashes must be those that are committed.
// The binaries come from npm packages, since that registry is all that a build machine may reach.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const VERSIONS = ["22", "24", "26"];
const golden = JSON.parse(readFileSync("test/determinism/golden-hashes.json", "utf8"));
const folder = mkdtempSync(join(tmpdir(), "node-versions-"));
let failures = 0;

try {
  const binaries = new Map([[process.version, process.execPath]]);
  for (const version of VERSIONS) {
    const prefix = join(folder, version);
    const name = `node-linux-${process.arch}@${version}`;
    execFileSync("npm", ["install", "--silent", "--no-save", "--prefix", prefix, name], { stdio: "inherit" });
    const binary = join(prefix, "node_modules", `node-linux-${process.arch}`, "bin", "node");
    binaries.set(execFileSync(binary, ["--version"], { encoding: "utf8" }).trim(), binary);
  }
  for (const [version, binary] of binaries) {
    const printed = execFileSync(binary, ["test/determinism/print-hashes.js"], { encoding: "utf8" });
    const hashes = JSON.parse(printed);
    const wrong = Object.keys(golden).filter((plan) => hashes[plan] !== golden[plan]);
    for (const plan of wrong) console.error(`${version}: ${plan}: ${hashes[plan]}, expected ${golden[plan]}`);
    failures += wrong.length;
    if (wrong.length === 0) console.log(`${version}: ${Object.keys(golden).length} hashes equal`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = failures === 0 ? 0 : 1;
