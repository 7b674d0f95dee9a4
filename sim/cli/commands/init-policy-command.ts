import { type CliContext, printLines, toAction } from "../context.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { policySkeleton } from "./policy-skeleton.ts";
import { writeSkeleton } from "./write-skeleton.ts";

/** Writes a policy to go on from, into a file of that name. */
async function initPolicy(context: CliContext, _flags: object, name: string): Promise<ExitCode> {
  const file = await writeSkeleton(context, name, "my-policy", policySkeleton);
  printLines(context.process.stdout, [
    `${file} is a policy that works: read it, change it, and run`,
    `  npx cache-sim run calm --policy ./${file}`,
  ]);
  return EXIT.ok;
}

export default toAction(initPolicy);
