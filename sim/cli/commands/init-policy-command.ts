import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { visible } from "../../report/visible.ts";
import { type CliContext, printLines, toAction } from "../context.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { policySkeleton } from "./policy-skeleton.ts";
import { UsageError } from "../usage-error.ts";
import { writeProblem } from "../write-problem.ts";

const NAME = /^[a-z][a-z0-9-]{0,63}$/;

/** Writes a policy to go on from, into a file of that name. Never over one that is there. */
async function initPolicy({ process }: CliContext, _flags: object, name: string): Promise<ExitCode> {
  if (!NAME.test(name)) {
    throw new UsageError([
      visible(
        `NAME "${name}": expected small letters, digits and '-', beginning with a letter, such as my-policy`,
      ),
    ]);
  }
  const file = `${name}.ts`;
  try {
    await writeFile(resolve(process.cwd(), file), policySkeleton(name), { flag: "wx" });
  } catch (error) {
    const isThere = (error as NodeJS.ErrnoException).code === "EEXIST";
    throw new UsageError([
      isThere ? `${file} is there already; choose another name, or move it away` : writeProblem(file, error),
    ]);
  }
  printLines(process.stdout, [
    `${file} is a policy that works: read it, change it, and run`,
    `  npx cache-sim run calm --policy ./${file}`,
  ]);
  return EXIT.ok;
}

export default toAction(initPolicy);
