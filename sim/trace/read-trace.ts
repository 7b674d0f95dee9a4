import { readBytes } from "../run/load/load-file.ts";
import type { KnownNames } from "../run/load/load-names.ts";
import type { Loaded } from "../run/load/load-problem.ts";
import { isGzip, loadTrace, type LoadedTrace, traceFile } from "./load-trace.ts";

/** A trace file, read, unpacked and checked. */
export function readTrace(file: string, known: KnownNames): Loaded<LoadedTrace> {
  const bytes = readBytes(file, traceFile);
  return bytes.ok ? loadTrace(bytes.value, file, known) : bytes;
}

/** Whether a file is meant as a trace: by its name, or by what its first bytes are. */
export function looksLikeTrace(file: string): boolean {
  if (/\.jsonl(\.gz)?$/.test(file)) return true;
  const bytes = readBytes(file, traceFile);
  return bytes.ok && isGzip(bytes.value);
}
