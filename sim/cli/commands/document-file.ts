import { visible } from "../../report/visible.ts";
import type { CampaignDocument } from "../../search/report/document.ts";
import { DocumentError, readDocument } from "../../search/report/load-document.ts";
import { UsageError } from "../usage-error.ts";

/** The report in a file. Throws a UsageError when it is none. */
export function documentIn(file: string): CampaignDocument {
  try {
    return readDocument(file);
  } catch (error) {
    if (error instanceof DocumentError) throw new UsageError([visible(error.message)]);
    throw error;
  }
}
