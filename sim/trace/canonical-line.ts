import type { TraceEvent } from "../kernel/trace-sink.ts";

/**
 * The one line that stands for an event, in trace files and under the hash. Its keys come in a fixed order, and
 * so do those of `data`, which the code that records an event always writes in the same order.
 *
 * Never throws: recording a run must not change it.
 */
export function canonicalLine({ index, timeUs, machine, kind, cause, activity, data }: TraceEvent): string {
  const event = { index, timeUs, machine, kind, cause, activity, data };
  try {
    return JSON.stringify(event);
  } catch {
    // A bigint, or an object within itself.
    return JSON.stringify({ ...event, data: "cannot be written as JSON" });
  }
}

/** The same line for one event after the other of a run. */
export function createLineWriter(): (event: TraceEvent) => string {
  const writePieces = createPieceWriter();
  return (event) => {
    const pieces: Piece[] = [];
    writePieces(event, pieces);
    return pieces.join("");
  };
}

/** A part of a line. Numbers are written as they are. */
export type Piece = string | number;

/** A message is sent and received within few others. More would keep every text of a long run alive. */
const MESSAGES_KEPT = 256;

/**
 * Appends the pieces of an event's line. To join the pieces of many lines at once is several times as fast as
 * `canonicalLine`, and most pieces are made once for many events: names, and the description of a message, which is
 * most of a trace.
 */
export function createPieceWriter(): (event: TraceEvent, pieces: Piece[]) => void {
  const places = new Map<string | null, Map<string, string>>();
  const letters = { from: new Map<string, string>(), to: new Map<string, string>() };
  const messages = new Map<object, string>();
  let activity: string | null = null;
  let activityText = "";

  return (event, pieces) => {
    const { index, timeUs, machine, kind, cause, data } = event;
    if (typeof data !== "object" || data === null || "toJSON" in data) {
      pieces.push(canonicalLine(event));
      return;
    }
    const length = pieces.length;
    if (event.activity !== activity) {
      ({ activity } = event);
      activityText = `,"activity":${JSON.stringify(activity)},"data":`;
    }
    pieces.push('{"index":', index, ',"timeUs":', timeUs, placeText(machine, kind), cause, activityText);
    try {
      const letter = letterOf(data);
      if (letter === null) pieces.push(JSON.stringify(data), "}");
      else pieces.push(peerText(letter), messageText(letter.message), "}}");
    } catch {
      pieces.length = length;
      pieces.push(canonicalLine(event));
    }
  };

  function placeText(machine: string | null, kind: string): string {
    let kinds = places.get(machine);
    if (kinds === undefined) places.set(machine, (kinds = new Map()));
    let text = kinds.get(kind);
    if (text === undefined) {
      text = `,"machine":${JSON.stringify(machine)},"kind":${JSON.stringify(kind)},"cause":`;
      kinds.set(kind, text);
    }
    return text;
  }

  function peerText({ side, peer }: Letter): string {
    let text = letters[side].get(peer);
    if (text === undefined) {
      letters[side].set(peer, (text = `{"${side}":${JSON.stringify(peer)},"message":`));
    }
    return text;
  }

  function messageText(message: object): string {
    let text = messages.get(message);
    if (text !== undefined) return text;
    text = JSON.stringify(message);
    messages.set(message, text);
    if (messages.size > MESSAGES_KEPT) {
      const [oldest] = messages.keys();
      if (oldest !== undefined) messages.delete(oldest);
    }
    return text;
  }
}

interface Letter {
  readonly side: "from" | "to";
  readonly peer: string;
  readonly message: object;
}

/** Data that are a peer and a message, and nothing else; null for all others. */
function letterOf(data: object): Letter | null {
  const names = Object.keys(data);
  if (names.length !== 2 || names[1] !== "message") return null;
  const [side] = names;
  if (side !== "to" && side !== "from") return null;
  const { [side]: peer, message } = data as Record<string, unknown>;
  if (typeof peer !== "string" || typeof message !== "object" || message === null) return null;
  return "toJSON" in message ? null : { side, peer, message };
}
