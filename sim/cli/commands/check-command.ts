import { checkBytes, type CheckBytesOptions } from "../../check/check-bytes.ts";
import { checkLarge } from "../../check/large-history.ts";
import { type Dialect, formatByName, historyFormats } from "../../check/formats/history-format.ts";
import { HistoryProblem } from "../../check/formats/history-problem.ts";
import { HISTORY_BYTES_MAX } from "../../check/formats/text-chunks.ts";
import { parseEdn } from "../../check/formats/parse-edn.ts";
import type { Data } from "../../check/formats/recorded-history.ts";
import { modelByName, models } from "../../check/models/index.ts";
import type { MissMode } from "../../check/register/register-check.ts";
import { type CheckedFile, disagrees, renderCheck, renderChecks } from "../../report/check-report.ts";
import { checkJson } from "../../report/check-json.ts";
import { whyUnreadable } from "../../run/load/load-file.ts";
import { renderProblem } from "../../run/load/load-problem.ts";
import { didYouMean, oneOf } from "../../run/suggest.ts";
import { visible } from "../../report/visible.ts";
import { type CheckSource, checkSources } from "./check-sources.ts";
import { createSpillFiles } from "./spill-files.ts";
import { type CliContext, pageFor, printLines, toAction } from "../context.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { UsageError } from "../usage-error.ts";

export interface CheckFlags {
  readonly model?: string;
  readonly format?: string;
  readonly initial?: string;
  readonly nil?: Dialect["nilRead"];
  readonly failedCas?: Dialect["failedCas"];
  readonly misses?: MissMode;
  readonly skew?: number;
  readonly steps?: number;
  readonly json: boolean;
}

/** Checks histories that were recorded anywhere. */
async function check({ process }: CliContext, flags: CheckFlags, ...words: string[]): Promise<ExitCode> {
  const { stdout, stderr, env, stdin } = process;
  if (words.length === 0) {
    throw new UsageError(["expected the FILE of a history, a folder of them, or - for the standard input"]);
  }
  const options = optionsOf(flags);
  const sources = checkSources(words, stdin);
  const files: CheckedFile[] = [];
  for (const source of sources) files.push(await checkSource(source, options));

  printLines(
    stderr,
    files.flatMap(({ problems }) => problems),
  );
  const [only] = files;
  const isAlone = files.length === 1 && only?.expected === null;
  if (flags.json) stdout.write(`${JSON.stringify(checkJson(files), null, 2)}\n`);
  else {
    const page = pageFor(stdout, env);
    const lines = isAlone && only !== undefined ? renderCheck(only, page) : renderChecks(files, page);
    if (lines.length > 0) printLines(stdout, lines);
  }
  return exitCodeOf(files);
}

async function checkSource(
  { file, expected, bytes, open }: CheckSource,
  options: CheckBytesOptions,
): Promise<CheckedFile> {
  const startedMs = performance.now();
  const ended = (checked: CheckedFile["checked"], problems: readonly string[]): CheckedFile => ({
    file,
    expected,
    checked,
    problems: problems.map(visible),
    ms: performance.now() - startedMs,
  });
  const spill = bytes > HISTORY_BYTES_MAX ? createSpillFiles(bytes) : null;
  try {
    const loaded =
      spill === null
        ? await checkBytes(open(), file, options)
        : await checkLarge(open(), file, options, spill);
    return loaded.ok ? ended(loaded.value, []) : ended(null, loaded.problems.map(renderProblem));
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return ended(null, [`${file}: ${whyUnreadable(file, error, "a history")}`]);
  } finally {
    spill?.remove();
  }
}

/** Of the file, not of the tool. */
function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "syscall" in error;
}

/** A wrong history weighs more than one that could not be read, and that more than one that was not decided. */
function exitCodeOf(files: readonly CheckedFile[]): ExitCode {
  const isWrong = (each: CheckedFile): boolean => {
    const verdict = each.checked?.report.verdict;
    if (each.expected === null) return verdict === "violation";
    return verdict !== undefined && verdict !== "unknown" && disagrees(each);
  };
  if (files.some(isWrong)) return EXIT.violation;
  if (files.some(({ checked }) => checked === null)) return EXIT.usage;
  return files.some(({ checked }) => checked?.report.verdict === "unknown") ? EXIT.unknown : EXIT.ok;
}

function optionsOf({
  model,
  format,
  initial,
  nil,
  failedCas,
  misses,
  skew,
  steps,
}: CheckFlags): CheckBytesOptions {
  const problems = [
    ...nameProblems("--model", model, models),
    ...nameProblems("--format", format, historyFormats),
  ];
  if (problems.length > 0) throw new UsageError(problems);
  return {
    model: model === undefined ? undefined : modelByName(model),
    format: format === undefined ? undefined : formatByName(format),
    ...(initial !== undefined && { initial: valueOf("--initial", initial) }),
    misses,
    clockSkewMs: skew,
    stepsMax: steps,
    dialect: {
      ...(nil !== undefined && { nilRead: nil }),
      ...(failedCas !== undefined && { failedCas }),
    },
  };
}

function nameProblems(flag: string, given: string | undefined, known: readonly { readonly name: string }[]) {
  const names = known.map(({ name }) => name);
  if (given === undefined || names.includes(given)) return [];
  return [
    visible(
      `${flag}: expected ${oneOf(`${flag.slice(2)}s`, names)}, got "${given}"${didYouMean(given, names)}`,
    ),
  ];
}

/** A value as JSON or EDN has it: `0`, `"a"`, `[1, 2]`, `nil`. */
function valueOf(flag: string, text: string): Data {
  if (text === "null") return null;
  try {
    return parseEdn(text, 1);
  } catch (error) {
    if (!(error instanceof HistoryProblem)) throw error;
    throw new UsageError([visible(`${flag} ${JSON.stringify(text)}: ${error.message}`)]);
  }
}

export default toAction(check);
