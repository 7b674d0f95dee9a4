import { OUTPUT_FORMATS, type OutputFormat } from "../../report/outputs/formats.ts";
import { alternatives, didYouMean } from "../../run/suggest.ts";

/** One of the files that a report is written to; "-" is the standard output. */
export interface Output {
  readonly format: OutputFormat;
  readonly file: string;
}

/** "junit=report.xml". Throws an Error with one line that says what is wrong. */
export function parseOutput(input: string): Output {
  const at = input.indexOf("=");
  const [name, file] = at < 0 ? [input, ""] : [input.slice(0, at), input.slice(at + 1)];
  const format = OUTPUT_FORMATS.find((each) => each === name);
  if (format === undefined) {
    throw new Error(
      `expected FORMAT=FILE with ${alternatives(OUTPUT_FORMATS)}${didYouMean(name, OUTPUT_FORMATS)}`,
    );
  }
  if (file === "") throw new Error(`expected a file after the format, as in ${format}=${usualFile(format)}`);
  if (file === "-" && format !== "github") {
    throw new Error(`expected a file for ${format}: only github may go to the standard output`);
  }
  return { format, file };
}

function usualFile(format: OutputFormat): string {
  const names = {
    json: "report.json",
    junit: "report.xml",
    markdown: "report.md",
    github: "-",
    tap: "report.tap",
  };
  return names[format];
}
