import { ExitCode as ParserExitCode, run } from "@stricli/core";
import { app } from "./app.ts";
import { compileLess } from "./compile-less.ts";
import type { CliProcess } from "./context.ts";
import { EXIT } from "./exit-code.ts";

/**
 * The whole command line tool. Sets the exit code of the process rather than ending it.
 *
 * @param takeOver ends the handling of signals by whoever started it
 */
export async function main(process: NodeJS.Process, takeOver: () => void): Promise<void> {
  endQuietlyWhenNobodyReads(process);
  compileLess();
  await run(app, process.argv.slice(2), { process: process as CliProcess, takeOver });
  process.exitCode = documentedExitCode(process.exitCode);
}

/** With `| head` the reader goes away before the end; as with any Unix tool, that is not an error to talk about. */
function endQuietlyWhenNobodyReads(process: NodeJS.Process): void {
  const { stdout, stderr } = process;
  for (const stream of [stdout, stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE") process.exit(EXIT.sigpipe);
      if (stream === stdout) stderr.write(`cannot write the output: ${error.message}\n`);
      process.exit(EXIT.usage);
    });
  }
}

/** The argument parser has negative codes of its own. */
function documentedExitCode(code: number | string | null | undefined): number {
  if (code === ParserExitCode.UnknownCommand || code === ParserExitCode.InvalidArgument) return EXIT.usage;
  const number = Number(code ?? EXIT.ok);
  return number < 0 ? EXIT.internal : number;
}
