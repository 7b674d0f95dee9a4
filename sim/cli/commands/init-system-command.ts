import { type CliContext, printLines, toAction } from "../context.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { systemSkeleton } from "./system-skeleton.ts";
import { writeSkeleton } from "./write-skeleton.ts";

/** Writes a system to go on from, into a file of that name. */
async function initSystem(context: CliContext, _flags: object, name: string): Promise<ExitCode> {
  const file = await writeSkeleton(context, name, "my-system", systemSkeleton);
  printLines(context.process.stdout, [
    `${file} is a system that works: read it, change it, and run`,
    `  npx cache-sim run calm --system ./${file}`,
  ]);
  return EXIT.ok;
}

export default toAction(initSystem);
