import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { visible } from "../../report/visible.ts";
import type { CliContext } from "../context.ts";
import { UsageError } from "../usage-error.ts";
import { writeProblem } from "../write-problem.ts";

const NAME = /^[a-z][a-z0-9-]{0,63}$/;

/** Writes a file to go on from, and never over one that is there. Returns its name. */
export async function writeSkeleton(
  { process }: CliContext,
  name: string,
  example: string,
  skeleton: (name: string) => string,
): Promise<string> {
  if (!NAME.test(name)) {
    throw new UsageError([
      visible(
        `NAME "${name}": expected small letters, digits and '-', beginning with a letter, such as ${example}`,
      ),
    ]);
  }
  const file = `${name}.ts`;
  try {
    await writeFile(resolve(process.cwd(), file), skeleton(name), { flag: "wx" });
  } catch (error) {
    const isThere = (error as NodeJS.ErrnoException).code === "EEXIST";
    throw new UsageError([
      isThere ? `${file} is there already; choose another name, or move it away` : writeProblem(file, error),
    ]);
  }
  return file;
}
