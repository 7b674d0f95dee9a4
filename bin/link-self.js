// npm links the commands of dependencies and workspaces, but not those of the package that one is in. Without the
// link `npx cache-sim` in a checkout asks the network, and fails where there is none.
import { existsSync, rmSync, symlinkSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("../node_modules/.bin", import.meta.url));
const link = `${folder}/cache-sim`;

if (existsSync(folder)) {
  try {
    rmSync(link, { force: true });
    symlinkSync("../../bin/cache-sim.js", link);
  } catch (error) {
    process.stderr.write(`cannot link ${link} (${error.message}): use \`node bin/cache-sim.js\` instead\n`);
  }
}
