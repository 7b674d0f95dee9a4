import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, type YAMLError } from "yaml";
import { DEPTH_MAX, FLAWS } from "./load-json.ts";
import { pathText, type Path, type Position, type Source } from "./load-problem.ts";

/** A syntax problem: its place is known, its path may not be. */
export interface SyntaxProblem {
  readonly position: Position;
  readonly path: string;
  readonly message: string;
  /** Where in the text, to tell a text that was cut off from one that is wrong in the middle. */
  readonly offset: number;
}

type Read = { readonly source: Source } | { readonly problems: readonly SyntaxProblem[] };

/** Enough for anything a person writes, too few for a bomb of references to references. */
const ALIASES_MAX = 100;

/** Reads YAML 1.2 (of which JSON is a part) and remembers where everything is. */
export function readYaml(text: string): Read {
  try {
    return read(text);
  } catch (error) {
    // The parser calls itself for each level, so a text of brackets only runs out of stack.
    if (!(error instanceof RangeError)) throw error;
    return { problems: [{ ...start, message: FLAWS.deep }] };
  }
}

const start = { position: { line: 1, column: 1 }, path: "", offset: 0 };

function read(text: string): Read {
  const lineCounter = new LineCounter();
  // Repeated keys are looked for below: the parser compares every key with every other.
  const document = parseDocument(text, { lineCounter, prettyErrors: false, uniqueKeys: false });
  const positionOf = (offset: number): Position => {
    const { line, col } = lineCounter.linePos(offset);
    return { line, column: col };
  };

  const [error] = [...document.errors, ...document.warnings].sort((a, b) => a.pos[0] - b.pos[0]);
  if (error !== undefined) {
    const offset = error.pos[0];
    return { problems: [{ position: positionOf(offset), path: "", offset, message: syntaxMessage(error) }] };
  }

  const problems: SyntaxProblem[] = [];
  const complain = (node: Node, path: Path, message: string): void => {
    const offset = offsetOf(node);
    problems.push({ position: positionOf(offset), path: pathText(path), offset, message });
  };
  inspect(document.contents, [], new Set(), complain);
  if (problems.length > 0) return { problems };

  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: ALIASES_MAX });
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    const message = error.message.startsWith("Unresolved alias")
      ? `${error.message.slice("Unresolved alias (the anchor must be set before the alias): ".length)}: no anchor`
      : `more than ${ALIASES_MAX} aliases: write the values out`;
    return { problems: [{ ...start, message }] };
  }

  return {
    source: {
      value,
      locate: (path, at) => positionOf(offsetOfPath(document.contents, path, at)),
    },
  };

  /** Finds what YAML allows and we do not: a repeated or structured key, a circle of aliases. */
  function inspect(
    node: unknown,
    path: Path,
    around: ReadonlySet<unknown>,
    complain: (node: Node, path: Path, message: string) => void,
  ): void {
    if (isAlias(node)) {
      const target = node.resolve(document);
      if (target === undefined)
        complain(node, path, `*${node.source} has no anchor &${node.source} before it`);
      else if (around.has(target)) complain(node, path, `*${node.source} contains itself`);
      return;
    }
    if (!isMap(node) && !isSeq(node)) return;
    if (path.length >= DEPTH_MAX) return complain(node, [], FLAWS.deep);
    const inside = new Set(around).add(node);
    if (isSeq(node)) {
      for (const [index, item] of node.items.entries()) inspect(item, [...path, index], inside, complain);
      return;
    }
    const seen = new Set<string>();
    for (const { key, value } of node.items) {
      if (!isScalar(key)) {
        complain((key ?? node) as Node, path, "expected a plain name before the colon");
        continue;
      }
      const name = String(key.value);
      if (name === "__proto__") complain(key, [...path, name], FLAWS.forbidden);
      else if (seen.has(name)) complain(key, [...path, name], FLAWS.duplicate);
      seen.add(name);
      inspect(value, [...path, name], inside, complain);
    }
  }

  function offsetOfPath(root: Node | null, path: Path, at: "key" | "value"): number {
    let node: unknown = root;
    let offset = offsetOf(root);
    for (const [depth, part] of path.entries()) {
      if (isAlias(node)) node = node.resolve(document);
      if (isSeq(node)) {
        const item = node.items[Number(part)] as Node | undefined;
        if (item === undefined) return offset;
        node = item;
        offset = offsetOf(item);
        continue;
      }
      const pair = isMap(node)
        ? node.items.find(({ key }) => isScalar(key) && String(key.value) === part)
        : null;
      if (!pair) return offset;
      node = pair.value;
      // What is missing inside a mapping is reported at the mapping's own name.
      const isWanted = depth === path.length - 1 && at === "value" && node !== null;
      offset = offsetOf((isWanted ? node : pair.key) as Node);
    }
    return offset;
  }
}

function offsetOf(node: Node | null): number {
  return node?.range?.[0] ?? 0;
}

const SYNTAX_MESSAGES: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: "a tab cannot indent YAML: use spaces",
  MULTIPLE_DOCS: 'expected one document, got another one after "---"',
  BLOCK_AS_IMPLICIT_KEY: "a second colon on one line: put a text that has a colon in quotes",
};

function syntaxMessage({ code, message }: YAMLError): string {
  // The parser reports the exhaustion of its own stack as if it were bad syntax.
  if (message.includes("call stack")) return FLAWS.deep;
  return SYNTAX_MESSAGES[code] ?? message;
}
