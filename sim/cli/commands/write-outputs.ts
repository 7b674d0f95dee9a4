import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { renderOutput } from "../../report/campaign/outputs.ts";
import type { Comparison } from "../../search/report/baseline.ts";
import type { CampaignDocument } from "../../search/report/document.ts";
import { writeFileWhole } from "../../search/write-file.ts";
import { type CliContext, printLines } from "../context.ts";
import type { Output } from "../parse/parse-campaign-flags.ts";
import { writeProblem } from "../write-problem.ts";

export interface OutputsOptions {
  readonly document: CampaignDocument;
  readonly comparison: Comparison;
}

/** Writes the report in every form that was asked for. @returns whether all of it could be written */
export async function writeOutputs(
  { process }: CliContext,
  outputs: readonly Output[],
  { document, comparison }: OutputsOptions,
): Promise<boolean> {
  let isWritten = true;
  for (const { format, file } of outputs) {
    const hasPage = (page: string): boolean => existsSync(join(dirname(file), page));
    const text = renderOutput(format, document, comparison, { hasPage });
    if (file === "-") {
      process.stdout.write(text);
      continue;
    }
    try {
      await writeFileWhole(file, text);
    } catch (error) {
      isWritten = false;
      printLines(process.stderr, [writeProblem(file, error)]);
    }
  }
  return isWritten;
}
