import { parseOutput } from "../parse/parse-campaign-flags.ts";

/** Where the report of a campaign goes. */
export const output = {
  kind: "parsed",
  parse: parseOutput,
  brief: "Write the report; repeatable",
  placeholder: "FORMAT=FILE",
  variadic: true,
  optional: true,
} as const;
