/** What a report can be written as. */
export const OUTPUT_FORMATS = ["json", "junit", "markdown", "github", "tap"] as const;

export type OutputFormat = (typeof OUTPUT_FORMATS)[number];
