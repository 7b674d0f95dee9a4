/** Who called, as far as a stack tells. */
export interface Caller {
  /** Place of the nearest code that is neither Node's nor the kernel's, `file:line:column`. */
  readonly where: string;
  /** False when Node's own code stands in between. */
  readonly isDirect: boolean;
}

/** Node's own frames may be many, as when output is written. */
const FRAMES_MAX = 50;
const OWN_FRAME = /\/kernel\/(?:caller|guards?|tripwire)\.[jt]s[:?]/;
const PLACE = /\(?((?:node:|file:\/\/|\/|[A-Za-z]:\\).*:\d+:\d+)\)?$/;
/** Printing gives nothing back, and a stack is looked at by people: what these need for it changes no run. */
const BYSTANDER = /\(node:internal\/console\/|\bprepareStackTrace\b/;

/** @returns null when the real world is asked on behalf of nobody: by Node itself, or for something to look at */
export function findCaller(): Caller | null {
  const frames = captureStack()
    .split("\n")
    .slice(1)
    .map((line) => line.trim());
  if (frames.some((frame) => BYSTANDER.test(frame))) return null;
  let isDirect = true;
  for (const frame of frames) {
    const place = PLACE.exec(frame)?.[1];
    if (place === undefined || OWN_FRAME.test(place)) continue;
    if (!place.startsWith("node:")) return { where: place, isDirect };
    isDirect = false;
  }
  return isDirect ? { where: "an unknown place", isDirect } : null;
}

function captureStack(): string {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = FRAMES_MAX;
  try {
    return new Error("only for its stack").stack ?? "";
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}
