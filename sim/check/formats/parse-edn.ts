import { excerpt, HistoryProblem } from "./history-problem.ts";
import type { Data } from "./recorded-history.ts";

/**
 * One form of EDN (https://github.com/edn-format/edn) as plain data. Keywords and symbols become texts without their
 * colon, lists and sets become lists, tags are read over, and so is what `#_` takes out.
 */

const DEPTH_MAX = 64;

const SPACE = /[\s,]*/y;
const TOKEN = /[^\s,"()[\]{};]*/y;
/** A text without escapes, breaks and tabs, which is most of them. */
const PLAIN_TEXT = /"([^"\\\n\r\t]*)"/y;

/**
 * @param firstLine the line on which `text` begins
 * @throws HistoryProblem with line and column
 */
export function parseEdn(text: string, firstLine: number): Data {
  let at = 0;

  function fail(message: string, place = at): never {
    const before = text.slice(0, place);
    const line = firstLine + before.split("\n").length - 1;
    throw new HistoryProblem(line, message, place - before.lastIndexOf("\n"));
  }

  /** What a sticky expression finds here, which is passed over. */
  function match(expression: RegExp): string {
    expression.lastIndex = at;
    const found = expression.exec(text)?.[0] ?? "";
    at += found.length;
    return found;
  }

  function skip(): void {
    for (;;) {
      match(SPACE);
      if (text.charAt(at) === ";") {
        const end = text.indexOf("\n", at);
        at = end === -1 ? text.length : end;
      } else if (text.charAt(at) === "#" && text.charAt(at + 1) === "_") {
        at += 2;
        form(0);
      } else return;
    }
  }

  function form(depth: number): Data {
    skip();
    if (depth > DEPTH_MAX) fail(`nested more than ${DEPTH_MAX} deep`);
    const first = text.charAt(at);
    if (first === "") return fail("cut off: the value is not complete");
    if (first === '"') return string();
    if (first === "[") return sequence("]", depth);
    if (first === "(") return sequence(")", depth);
    if (first === "{") return mapping(depth);
    if (first === "#") {
      at++;
      if (text.charAt(at) === "{") return sequence("}", depth);
      token();
      return form(depth + 1);
    }
    if (first === ")" || first === "]" || first === "}") return fail(`unexpected ${first}`);
    return atom();
  }

  function sequence(close: string, depth: number): Data[] {
    at++;
    const items: Data[] = [];
    for (skip(); text.charAt(at) !== close; skip()) items.push(form(depth + 1));
    at++;
    return items;
  }

  function mapping(depth: number): Data {
    const from = at++;
    const entries = new Map<string, Data>();
    for (skip(); text.charAt(at) !== "}"; skip()) {
      const name = nameOf(form(depth + 1));
      skip();
      if (text.charAt(at) === "}") fail(`${excerpt(name)} has no value`);
      if (entries.has(name)) fail("a key twice in one map", from);
      entries.set(name, form(depth + 1));
    }
    at++;
    // Unlike an assignment, this cannot reach a prototype.
    return Object.fromEntries(entries);
  }

  function string(): string {
    const plain = match(PLAIN_TEXT);
    if (plain !== "") return plain.slice(1, -1);
    const from = at;
    for (at++; text.charAt(at) !== '"'; at++) {
      if (at >= text.length) fail("cut off: a text that does not end", from);
      if (text.charAt(at) === "\\") at++;
    }
    at++;
    // Line breaks may stand in a text of EDN as they are.
    const quoted = text
      .slice(from, at)
      .replaceAll("\n", "\\n")
      .replaceAll("\r", "\\r")
      .replaceAll("\t", "\\t");
    try {
      return JSON.parse(quoted) as string;
    } catch {
      return fail(`not a text of EDN: ${excerpt(quoted)}`, from);
    }
  }

  function token(): string {
    return match(TOKEN);
  }

  function atom(): Data {
    const from = at;
    if (text.charAt(at) === "\\") {
      at += 2;
      return text.charAt(from + 1) + token();
    }
    const word = token();
    if (word === "nil") return null;
    if (word.charAt(0) === ":" && word.length > 1) return word.slice(1);
    if (word === "true" || word === "false") return word === "true";
    if (/^[+-]?\d+N?$/.test(word)) {
      const number = Number(word.replace("N", ""));
      if (!Number.isSafeInteger(number))
        fail(`${excerpt(word)} is beyond the whole numbers that are exact`, from);
      // No -0, which is no other number than 0.
      return number + 0;
    }
    if (/^[+-]?\d+(\.\d*)?([eE][+-]?\d+)?M?$/.test(word)) return Number(word.replace("M", ""));
    if (/^[A-Za-z.*+!_?$%&=<>/-][\w.*+!?$%&=<>/:#'-]*$/.test(word)) return word;
    return fail(`not a value of EDN: ${excerpt(word)}`, from);
  }

  const value = form(0);
  skip();
  if (at < text.length) fail(`unexpected ${excerpt(text.slice(at))} after the value`);
  return value;
}

function nameOf(name: Data): string {
  return typeof name === "string" ? name : JSON.stringify(name);
}
