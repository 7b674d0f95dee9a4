import { EXIT, type ExitCode } from "./exit-code.ts";

export interface Interrupt {
  readonly signal: AbortSignal;
  /** The code to end with once interrupted, otherwise null. */
  readonly exitCode: ExitCode | null;
  /** From now on signals do again what they usually do. */
  release(): void;
}

/**
 * Turns the first Ctrl-C (or a request to terminate) into an abort; the second one ends the process at once.
 *
 * @param takeOver ends whatever else was done about signals so far
 */
export function catchInterrupt(
  process: Pick<NodeJS.Process, "on" | "off">,
  takeOver: () => void = () => {},
): Interrupt {
  const controller = new AbortController();
  let exitCode: ExitCode | null = null;
  const stop = (code: ExitCode) => (): void => {
    exitCode = code;
    release();
    controller.abort();
  };
  const onSigint = stop(EXIT.sigint);
  const onSigterm = stop(EXIT.sigterm);
  function release(): void {
    process.off("SIGINT", onSigint);
    process.off("SIGTERM", onSigterm);
  }
  process.on("SIGINT", onSigint);
  process.on("SIGTERM", onSigterm);
  takeOver();
  return {
    signal: controller.signal,
    get exitCode() {
      return exitCode;
    },
    release,
  };
}
