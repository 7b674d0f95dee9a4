import { type CliContext, printLines, toAction } from "../context.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { invariantSkeleton } from "./invariant-skeleton.ts";
import { writeSkeleton } from "./write-skeleton.ts";

/** Writes an invariant to go on from, into a file of that name. */
async function initInvariant(context: CliContext, _flags: object, name: string): Promise<ExitCode> {
  const file = await writeSkeleton(context, name, "my-invariant", invariantSkeleton);
  printLines(context.process.stdout, [
    `${file} is an invariant that works: read it, change it, and run`,
    `  npx cache-sim run partition-heal --invariant ./${file}`,
  ]);
  return EXIT.ok;
}

export default toAction(initInvariant);
