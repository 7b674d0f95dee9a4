import { HistoryProblem } from "./history-problem.ts";
import { LINE_LENGTH_MAX, type Piece } from "./split-lines.ts";

/**
 * The maps of an EDN text, one after the other or in one list around them all, on a line each or not. Only finds where
 * they begin and end; what is in them is read by parse-edn.ts.
 */
export async function* splitForms(chunks: AsyncIterable<string>): AsyncGenerator<Piece> {
  const scan = createScan();
  for await (const chunk of chunks) yield* scan.take(chunk);
  scan.end();
}

/** What matters within a map; everything else is passed over at once. */
const TELLING = /["\\;{}()[\]\n]/g;

function createScan() {
  let line = 1;
  let depth = 0;
  let inside: "text" | "comment" | "plain" = "plain";
  let isEscaped = false;
  let form = "";
  let formLine = 1;
  /** The bracket around all, once it was seen. */
  let outer: "none" | "open" | "closed" = "none";
  /** What stands before a map. */
  let tag = "";

  function* take(chunk: string): Generator<Piece> {
    let from = 0;
    for (let at = 0; at < chunk.length; at++) {
      if (depth > 0 && inside === "plain" && !isEscaped) {
        TELLING.lastIndex = at;
        at = TELLING.exec(chunk)?.index ?? chunk.length;
      }
      const character = chunk.charAt(at);
      if (character === "\n") line++;
      if (depth > 0 && at - from + form.length > LINE_LENGTH_MAX) throw unended();
      if (isEscaped) isEscaped = false;
      else if (inside === "comment") {
        if (character === "\n") inside = "plain";
      } else if (character === "\\") {
        if (depth === 0) throw stray(character);
        isEscaped = true;
      } else if (inside === "text") {
        if (character === '"') inside = "plain";
      } else if (character === ";") inside = "comment";
      else if (character === '"') {
        if (depth === 0) throw stray(character);
        inside = "text";
      } else if (character === "{" || (depth > 0 && (character === "[" || character === "("))) {
        if (depth++ === 0) {
          endTag();
          from = at;
          formLine = line;
          form = "";
        }
      } else if (character === "}" || character === "]" || character === ")") {
        if (depth === 0) closeOuter(character);
        else if (--depth === 0) {
          yield { line: formLine, text: form + chunk.slice(from, at + 1), isUnended: false };
          form = "";
        }
      } else if (depth === 0) between(character);
    }
    if (depth > 0) form += chunk.slice(from);
  }

  /** Before a map there may be the bracket around all of them, a comma, or a tag such as `#jepsen.history.Op`. */
  function between(character: string): void {
    if (/[\s,]/.test(character)) {
      if (tag !== "") endTag();
    } else if (/[[(]/.test(character) && outer === "none" && tag === "") outer = "open";
    else if (outer !== "closed" && /[#\w./-]/.test(character)) tag += character;
    else throw stray(character);
  }

  function endTag(): void {
    if (outer === "closed" || (tag !== "" && !/^#[A-Za-z]/.test(tag))) throw stray(tag === "" ? "more" : tag);
    tag = "";
  }

  function closeOuter(character: string): void {
    if (outer !== "open" || character === "}" || tag !== "") throw stray(character);
    outer = "closed";
  }

  function stray(character: string): HistoryProblem {
    return new HistoryProblem(
      line,
      `expected a map, as in {:process 0, :type :invoke, ...}, got ${character}`,
    );
  }

  function unended(): HistoryProblem {
    return new HistoryProblem(formLine, "cut off: the map that begins here does not end");
  }

  function end(): void {
    if (depth > 0) throw unended();
    if (tag !== "") throw stray(tag);
    if (outer === "open")
      throw new HistoryProblem(line, "cut off: the list around the operations does not end");
  }

  return { take, end };
}
