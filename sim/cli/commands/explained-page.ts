import { explanationOf } from "../../report/explanation.ts";
import { htmlPage } from "../../report/html/index.ts";
import type { Explanation } from "../../search/explain.ts";
import { reasonOf } from "../../search/findings.ts";
import { type Harness, optionsFor } from "../../search/harness.ts";
import { writeFileWhole } from "../../search/write-file.ts";
import { replay } from "../../trace/replay.ts";
import { readVersion } from "../version.ts";
import { writeProblem } from "../write-problem.ts";

export interface ExplainedPageOptions {
  readonly harness: Harness;
  /** The line that replays the run. */
  readonly command: string;
  readonly nodeVersion: string;
  /** What else there is to say of the run, name and text. */
  readonly facts?: readonly (readonly [name: string, text: string])[];
}

/**
 * Writes the page of a run that was explained.
 *
 * @returns a line about why it could not be written; null when it was
 */
export async function writeExplainedPage(
  file: string,
  explanation: Explanation,
  { harness, command, nodeVersion, facts }: ExplainedPageOptions,
): Promise<string | null> {
  const { plan } = explanation;
  const options = optionsFor(harness, plan);
  const replayed = await replay(plan, options);
  const page = htmlPage(replayed, {
    command,
    whyExpected: reasonOf(harness, plan, false),
    writer: { code: await readVersion(), node: nodeVersion },
    explanation: explanationOf(explanation, tellOf(options.system)),
    facts,
  });
  // A mistake in making the page is not one in writing the file.
  try {
    await writeFileWhole(file, page);
    return null;
  } catch (error) {
    return writeProblem(file, error);
  }
}

/** How the system words its own events; as data where it has no words. */
export function tellOf({
  tell,
}: ReturnType<typeof optionsFor>["system"]): Parameters<typeof explanationOf>[1] {
  return tell ?? (({ data }) => JSON.stringify(data));
}
