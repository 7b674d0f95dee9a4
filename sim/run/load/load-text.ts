import { jsonFlaw, jsonSource, positionAt } from "./load-json.ts";
import { pathText, type Problem, type Source } from "./load-problem.ts";
import { readYaml } from "./load-yaml.ts";

/** What kind of file is being read, for the messages. */
export interface FileKind {
  /** "a scenario" */
  readonly what: string;
  readonly bytesMax: number;
  /** What to do about an empty file. */
  readonly hint: string;
}

type Read = { readonly source: Source } | { readonly problems: readonly Problem[] };

/** A YAML parser takes about a second and two hundred megabytes for this much. */
export const YAML_BYTES_MAX = 1_048_576;

/** Text to content with positions, by whatever parser fits: JSON when it is JSON, otherwise YAML. */
export function readText(text: string, file: string, kind: FileKind): Read {
  if (text.length > kind.bytesMax) return fileProblem(file, tooLarge(kind));
  if (text.includes("\0")) return fileProblem(file, `a binary file: expected ${kind.what} as text`);

  const read = /^\s*[{[]/.test(text) ? readJson(text, file, kind) : readYamlText(text, file);
  if ("problems" in read) return read;
  const { value } = read.source;
  const isMapping = typeof value === "object" && value !== null && !Array.isArray(value);
  if (isMapping) return read;
  const problem = {
    file,
    position: read.source.locate([], "value"),
    path: "",
    message:
      value === null
        ? `the file is empty: expected ${kind.what}; ${kind.hint}`
        : `expected ${kind.what}: a mapping of names to values`,
  };
  return { problems: [problem] };
}

export function tooLarge({ what, bytesMax }: FileKind): string {
  return `larger than ${bytesMax / 1_048_576} MiB, the most that ${what} may have`;
}

export function fileProblem(file: string, message: string): { problems: Problem[] } {
  return { problems: [{ file, position: null, path: "", message }] };
}

function readYamlText(text: string, file: string): Read {
  if (text.length > YAML_BYTES_MAX) {
    return fileProblem(file, "larger than 1 MiB: so much must be JSON, starting with a brace");
  }
  const read = readYaml(text);
  if ("source" in read) return read;
  return {
    problems: read.problems.map(({ position, path, message }) => ({ file, position, path, message })),
  };
}

function readJson(text: string, file: string, kind: FileKind): Read {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return readAlmostJson(text, file, kind, (error as SyntaxError).message);
  }
  const flaw = jsonFlaw(text);
  if (flaw === null) return { source: jsonSource(text, value) };
  const { path, offset, message } = flaw;
  return { problems: [{ file, position: positionAt(text, offset), path: pathText(path), message }] };
}

/**
 * YAML allows what people add to JSON by hand (a last comma, a comment). Where it does not either, the parser
 * that came further knows better what is wrong.
 *
 * @param complaint what `JSON.parse` had to say, such as "Expected ',' or '}' ... in JSON at position 97"
 */
function readAlmostJson(text: string, file: string, kind: FileKind, complaint: string): Read {
  const problemAt = (offset: number, message: string): Read => {
    return { problems: [{ file, position: positionAt(text, offset), path: "", message }] };
  };
  const end = text.trimEnd().length;
  const cutOff = `the file ends in the middle of ${kind.what}: it was cut off; copy it again, or write it again`;
  const [, reason, position] = /^(.*) in JSON at position (\d+)/.exec(complaint) ?? [];
  const jsonOffset = complaint.includes("end of JSON") ? end : Number(position ?? -1);
  if (jsonOffset >= end) return problemAt(end, cutOff);

  const yaml = text.length > YAML_BYTES_MAX ? null : readYaml(text);
  if (yaml !== null && "source" in yaml) return yaml;
  const first = yaml?.problems[0];
  if (first !== undefined && first.offset >= end) return problemAt(end, cutOff);
  if (first !== undefined && first.offset > jsonOffset) {
    const { offset, message } = first;
    return problemAt(offset, message);
  }
  return problemAt(Math.max(0, jsonOffset), `not valid JSON${reason === undefined ? "" : `: ${reason}`}`);
}
