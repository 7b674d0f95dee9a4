import { readFileSync, statSync } from "node:fs";
import { emptyTally } from "../tally.ts";
import type { CampaignDocument, KeptPlan } from "./document.ts";
import { DOCUMENT_KIND, DOCUMENT_VERSION } from "./document.ts";
import { documentSchema } from "./document-schema.ts";
import { reviveNever } from "./document-text.ts";

/** A file that is no report of a campaign, or cannot be used as one. The message is one line. */
export class DocumentError extends Error {
  override readonly name = "DocumentError";
}

const BYTES_MAX = 256 * 1024 * 1024;

/** @throws DocumentError with the name of the file */
export function readDocument(file: string): CampaignDocument {
  const text = readText(file);
  const parsed = parseText(file, text);
  const head = headOf(parsed);
  if (head.kind !== DOCUMENT_KIND)
    throw new DocumentError(
      `${file}: not the report of a campaign; \`cache-sim run --output json=FILE\` writes one`,
    );
  if (head.version !== DOCUMENT_VERSION)
    throw new DocumentError(
      `${file}: a report of version ${JSON.stringify(head.version)}, and this cache-sim reads version ${DOCUMENT_VERSION}; write it anew`,
    );
  const checked = documentSchema.safeParse(parsed);
  if (!checked.success) {
    const [issue] = checked.error.issues;
    throw new DocumentError(`${file} ${issue?.path.join(".") ?? ""}: ${issue?.message ?? "not as expected"}`);
  }
  // As it stands in the file, order included: what is merged and written again must not depend on the schema.
  const document = JSON.parse(text, reviveNever) as CampaignDocument;
  // Earlier reports have less in their tallies.
  const rows = document.rows.map((row) => ({
    ...row,
    tally: { ...emptyTally, ...row.tally },
    reachable: row.reachable ?? [],
  }));
  return { ...document, keptPlans: document.keptPlans ?? wrongRegressions(document), rows };
}

/** Earlier reports have nothing but their names. */
function wrongRegressions({ regressions }: CampaignDocument): KeptPlan[] {
  return regressions.wrong.map((name) => ({
    from: "regressions",
    file: `scenarios/regressions/${name}.json`,
    summary: "did not end as it has to",
  }));
}

function headOf(value: unknown): { kind?: unknown; version?: unknown } {
  return typeof value === "object" && value !== null ? value : {};
}

function readText(file: string): string {
  try {
    const { size } = statSync(file);
    if (size > BYTES_MAX)
      throw new DocumentError(`${file}: larger than a report can be (${BYTES_MAX} bytes)`);
    return readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof DocumentError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    throw new DocumentError(`${file}: ${code === "ENOENT" ? "there is no such file" : message}`);
  }
}

function parseText(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new DocumentError(`${file}: not JSON, or cut off: ${(error as Error).message}`);
  }
}
