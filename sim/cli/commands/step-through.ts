import { emitKeypressEvents } from "node:readline";
import { createStepper, type Stepper } from "../../report/stepper.ts";
import type { Replay } from "../../trace/replay.ts";
import { type CliProcess, pageFor } from "../context.ts";
import { UsageError } from "../usage-error.ts";

/** What a terminal sends to clear the screen and to go to its upper left corner. */
const CLEAR = "\u001b[2J\u001b[H";
const [ENTER, LEAVE] = ["\u001b[?1049h\u001b[?25l", "\u001b[?25h\u001b[?1049l"];

/** Before anything is run: without a terminal there is nobody to press a key. */
export function requireTerminal({ stdin, stdout }: CliProcess): void {
  if (stdin.isTTY && stdout.isTTY) return;
  throw new UsageError([
    "--step needs a terminal, for its keys and its screen; --around EVENT and --state MACHINE@EVENT print to a file or a pipe",
  ]);
}

/** Shows a run event by event, until the user has seen enough. */
export async function stepThrough(process: CliProcess, replayed: Replay): Promise<void> {
  const { stdin, stdout } = process;
  let stepper: Stepper = createStepper(replayed);
  const draw = (): void => {
    // Exactly as wide as the screen: a line that is wrapped would push others off it.
    const { style, width } = pageFor(stdout, process.env);
    const page = { style, width: stdout.columns > 0 ? stdout.columns : width };
    stdout.write(CLEAR + stepper.screen(page, (stdout.rows || 24) - 1).join("\r\n"));
  };
  emitKeypressEvents(stdin);
  stdin.setRawMode(true);
  stdin.resume();
  stdout.write(ENTER);
  stdout.on("resize", draw);
  draw();
  try {
    await new Promise<void>((resolve) => {
      stdin.on(
        "keypress",
        (text: string | undefined, key: { name?: string; ctrl?: boolean; sequence?: string }) => {
          const isInterrupt = key.ctrl === true && (key.name === "c" || key.name === "d");
          const name = text !== undefined && /^[\x20-\x7e]$/.test(text) ? text : (key.name ?? "");
          const next = isInterrupt ? null : stepper.press(name);
          if (next === null) {
            resolve();
            return;
          }
          stepper = next;
          draw();
        },
      );
    });
  } finally {
    stdin.removeAllListeners("keypress");
    stdout.off("resize", draw);
    stdin.setRawMode(false);
    stdin.pause();
    stdout.write(LEAVE);
  }
}
