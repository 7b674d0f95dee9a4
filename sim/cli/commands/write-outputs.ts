import { dirname } from "node:path";
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
  /** The folder in which the plans have pages; null when they have none. */
  readonly pagesFolder: string | null;
}

/** Writes the report in every form that was asked for. @returns whether all of it could be written */
export async function writeOutputs(
  { process }: CliContext,
  outputs: readonly Output[],
  { document, comparison, pagesFolder }: OutputsOptions,
): Promise<boolean> {
  let isWritten = true;
  for (const { format, file } of outputs) {
    const hasPages = pagesFolder !== null && dirname(file) === pagesFolder.replace(/\/$/, "");
    const text = renderOutput(format, document, comparison, { hasPages });
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
