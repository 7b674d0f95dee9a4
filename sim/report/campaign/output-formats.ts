/** The forms in which the report of a campaign can be written. */
export const outputFormats = ["json", "junit", "markdown", "github", "tap", "html"] as const;

export type OutputFormat = (typeof outputFormats)[number];
