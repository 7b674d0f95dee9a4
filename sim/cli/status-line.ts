import { cut } from "../report/visible.ts";

/** A line on stderr that changes while something long is done. Nothing where there is no terminal. */
export interface StatusLine {
  readonly show: (text: string) => void;
  /** Takes the line away, so that something else can be printed in its place. */
  readonly clear: () => void;
}

const CLEAR_LINE = "\r\u001b[K";

export function createStatusLine(stderr: NodeJS.WriteStream): StatusLine {
  if (!stderr.isTTY) return { show: () => undefined, clear: () => undefined };
  return {
    show: (text) => stderr.write(CLEAR_LINE + cut(text, Math.max(20, stderr.columns - 1))),
    clear: () => stderr.write(CLEAR_LINE),
  };
}
