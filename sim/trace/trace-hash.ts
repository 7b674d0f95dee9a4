import { createHash } from "node:crypto";
import type { TraceEvent, TraceSink } from "../kernel/trace-sink.ts";
import { createPieceWriter, type Piece } from "./canonical-line.ts";

/** Some 64 KiB of text: small updates of a hash cost more than the hash itself. */
const CHUNK_PIECES = 4096;

export interface TraceHash extends TraceSink {
  /** SHA-256 over the canonical lines, each ended by a newline, in hexadecimal. Ends the hash. */
  digest(): string;
}

export function createTraceHash(): TraceHash {
  const hash = createHash("sha256");
  const write = createPieceWriter();
  let pieces: Piece[] = [];
  function flush(): void {
    hash.update(pieces.join(""));
    pieces = [];
  }
  return {
    event(event: TraceEvent) {
      write(event, pieces);
      pieces.push("\n");
      if (pieces.length >= CHUNK_PIECES) flush();
    },
    digest() {
      flush();
      return hash.digest("hex");
    },
  };
}
