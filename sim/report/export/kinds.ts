/** Formats in which a run can be written for other tools. */
export const EXPORT_KINDS = [
  "perfetto",
  "shiviz",
  "mermaid",
  "otlp",
  "jsonl",
  "edn",
  "jepsen",
  "history",
] as const;

export type ExportKind = (typeof EXPORT_KINDS)[number];
