import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { visible } from "../../report/visible.ts";
import { writeFileWhole } from "../../search/write-file.ts";
import { ciFiles, type CiServer } from "../ci-templates.ts";
import { type CliContext, printLines, toAction } from "../context.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { UsageError } from "../usage-error.ts";
import { writeProblem } from "../write-problem.ts";

export interface InitCiFlags {
  readonly force: boolean;
}

const NEXT: Readonly<Record<CiServer, readonly string[]>> = {
  github: [
    "Commit them: every pull request then runs 4000 seeds of each scenario on four machines,",
    "and every night runs fresh ones, with an issue for each new finding.",
  ],
  gitlab: [
    "Commit it, and let .gitlab-ci.yml include it:",
    "  include:",
    "    - local: .gitlab/cache-sim.yml",
    "Every merge request then runs 4000 seeds of each scenario on four machines, and every scheduled",
    "pipeline (Build > Pipeline schedules) fresh ones.",
  ],
};

/** Writes the files of a build server. All or nothing: when one is there already, none is written. */
async function initCi({ process }: CliContext, { force }: InitCiFlags, server: CiServer): Promise<ExitCode> {
  const files = await ciFiles(server);
  const taken = files.filter(({ file }) => existsSync(resolve(process.cwd(), file)));
  if (taken.length > 0 && !force) {
    throw new UsageError(
      taken.map(({ file }) => `${file} is there already, and nothing was written; --force replaces it`),
    );
  }
  for (const { file, text } of files) {
    try {
      await writeFileWhole(resolve(process.cwd(), file), text);
    } catch (error) {
      throw new UsageError([writeProblem(file, error)]);
    }
    printLines(process.stdout, [visible(`written: ${file}`)]);
  }
  printLines(process.stdout, ["", ...NEXT[server]]);
  return EXIT.ok;
}

export default toAction(initCi);
