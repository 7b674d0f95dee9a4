import { createHash } from "node:crypto";
import type { TraceEvent, TraceSink } from "../kernel/trace-sink.ts";
import { createLineWriter } from "./canonical-line.ts";

/** Small updates of a hash cost more than the hash itself. */
const CHUNK_CHARACTERS = 65_536;

export interface TraceHash extends TraceSink {
  /** SHA-256 over the canonical lines, each ended by a newline, in hexadecimal. Ends the hash. */
  digest(): string;
}

export function createTraceHash(): TraceHash {
  const hash = createHash("sha256");
  const lineOf = createLineWriter();
  let chunk = "";
  return {
    event(event: TraceEvent) {
      chunk += `${lineOf(event)}\n`;
      if (chunk.length >= CHUNK_CHARACTERS) {
        hash.update(chunk);
        chunk = "";
      }
    },
    digest() {
      hash.update(chunk);
      chunk = "";
      return hash.digest("hex");
    },
  };
}
