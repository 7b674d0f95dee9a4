import { setFlagsFromString } from "node:v8";

/**
 * Bounds how much code V8 copies into each function that it optimizes. A run goes through thousands of functions of
 * which none is hot, and each worker thread compiles them all for itself: with the usual bound that is 40 % of the
 * CPU time of a campaign of a thousand runs, and the code is no faster for it. Must be called before the worker
 * threads start; it changes no result.
 */
export function compileLess(): void {
  setFlagsFromString(`--max-inlined-bytecode-size-cumulative=${INLINED_BYTES_MAX}`);
}

/** V8's own bound is 920. */
const INLINED_BYTES_MAX = 100;
