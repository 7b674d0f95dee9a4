import { printLines, type CliContext } from "../context.ts";
import type { Output } from "../parse/parse-output.ts";
import type { ReportDocument } from "../../report/outputs/report-schema.ts";
import { writeFileWhole } from "../../search/write-file.ts";
import { writeProblem } from "../write-problem.ts";

/** Writes a report in every format that was asked for. @returns whether all of them could be written */
export async function writeOutputs(
  { process }: CliContext,
  outputs: readonly Output[],
  report: () => ReportDocument,
): Promise<boolean> {
  if (outputs.length === 0) return true;
  const { outputText } = await import("../../report/outputs/index.ts");
  const document = report();
  let isWritten = true;
  for (const { format, file } of outputs) {
    const text = outputText(format, document);
    if (file === "-") {
      process.stdout.write(text);
      continue;
    }
    try {
      await writeFileWhole(file, text);
    } catch (error) {
      printLines(process.stderr, [writeProblem(file, error)]);
      isWritten = false;
    }
  }
  return isWritten;
}
