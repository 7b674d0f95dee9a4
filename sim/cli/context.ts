import type { CommandContext } from "@stricli/core";
import type { Page } from "../report/page.ts";
import { createStyle } from "../report/style.ts";
import { visible } from "../report/visible.ts";
import { WorkerStartError } from "../search/worker-start-error.ts";
import { EXIT, type ExitCode } from "./exit-code.ts";
import { UsageError } from "./usage-error.ts";

/** The process as the argument parser wants to see it, which is how it is, but not how it is declared. */
export type CliProcess = Omit<NodeJS.Process, "exitCode"> & { exitCode?: number | string | null };

/** What a command may use of the process that it runs in. */
export interface CliContext extends CommandContext {
  readonly process: CliProcess;
  /** Until it is called, signals end the process with a sentence. */
  readonly takeOver: () => void;
}

type Stream = NodeJS.WriteStream;

/** Wide enough for the whole table, narrow enough for the log view of a build server. */
const WIDTH_USUAL = 120;
const WIDTH_MIN = 40;

/** How to write for a stream: the width of its terminal, and colours if it shows them. */
export function pageFor(stream: Stream, env: NodeJS.ProcessEnv): Page {
  const width = stream.columns > 0 ? stream.columns : Number(env["COLUMNS"]) || WIDTH_USUAL;
  return { width: Math.max(WIDTH_MIN, width), style: createStyle(hasColours(stream, env)) };
}

/** https://no-color.org and https://force-color.org: a variable that is set to anything wins over the terminal. */
export function hasColours(stream: Stream, env: NodeJS.ProcessEnv): boolean {
  const force = env["FORCE_COLOR"];
  if (force !== undefined && force !== "") return force !== "0" && force !== "false";
  if ((env["NO_COLOR"] ?? "") !== "") return false;
  return stream.isTTY && stream.getColorDepth(env) > 1;
}

/** As one text the log of a long run would not fit into a string. */
const LINES_PER_WRITE = 1000;

export function printLines(stream: Stream, lines: readonly string[]): void {
  for (let first = 0; first < lines.length; first += LINES_PER_WRITE) {
    stream.write(`${lines.slice(first, first + LINES_PER_WRITE).join("\n")}\n`);
  }
}

/** A command as it is written: gives the exit code, and throws a UsageError for the user's mistakes. */
type Command<Args extends readonly unknown[]> = (context: CliContext, ...args: Args) => Promise<ExitCode>;

/** A command as the argument parser wants it. Every way to end is turned into an exit code here. */
export function toAction<Args extends readonly unknown[]>(
  command: Command<Args>,
): (this: CliContext, ...args: Args) => Promise<void> {
  return async function (...args) {
    const { stderr } = this.process;
    try {
      this.process.exitCode = await command(this, ...args);
    } catch (error) {
      if (error instanceof UsageError) {
        printLines(stderr, error.lines);
        this.process.exitCode = EXIT.usage;
      } else if (error instanceof WorkerStartError) {
        printLines(stderr, [visible(`cache-sim: ${error.message}`)]);
        this.process.exitCode = EXIT.usage;
      } else {
        const stack = error instanceof Error ? error.stack : String(error);
        printLines(stderr, [`cache-sim: this is a bug in cache-sim, please report it: ${stack}`]);
        this.process.exitCode = EXIT.internal;
      }
    }
  };
}
