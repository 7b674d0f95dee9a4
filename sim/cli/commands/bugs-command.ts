import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { bugsDocument } from "../../report/bugs-json.ts";
import { createBugsTable, renderBugsSummary } from "../../report/bugs-table.ts";
import { cut, visible } from "../../report/visible.ts";
import { readScenario } from "../../run/load/load-file.ts";
import type { Scenario } from "../../run/scenario/scenario.ts";
import { didYouMean } from "../../run/suggest.ts";
import type { Bug, BugBank } from "../../search/bugs/bug.ts";
import { huntAll } from "../../search/bugs/hunt-all.ts";
import { startHunters } from "../../search/bugs/hunter-pool.ts";
import { loadBank } from "../../search/bugs/load-bank.ts";
import { isFound, tallyHunts } from "../../search/bugs/tally-hunts.ts";
import { namesOf } from "../../search/harness.ts";
import { builtModule, packageFile } from "../../search/package-files.ts";
import { type CliContext, pageFor, printLines, toAction } from "../context.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { catchInterrupt } from "../interrupt.ts";
import { loadedOrThrow, UsageError } from "../usage-error.ts";

export interface BugsFlags {
  readonly bug?: readonly string[];
  readonly ranges: number;
  readonly maxSeeds: number;
  readonly strategy?: string;
  readonly workers?: number;
  readonly json: boolean;
}

/** Hunts the defects of the bank, and prints how soon each was found. */
async function huntBugs({ process, takeOver }: CliContext, flags: BugsFlags): Promise<ExitCode> {
  const { stdout, stderr } = process;
  const bank = await loadBank(builtModule("bugs"));
  const bugs = chosen(bank.bugs, flags.bug ?? []);
  const scenarios = new Map(bugs.map((bug) => [bug, withStrategy(scenarioOf(bug, bank), flags.strategy)]));
  const page = pageFor(stdout, process.env);
  const table = createBugsTable(bugs, page);
  const hunters = startHunters(builtModule("bugs"), flags.workers ?? availableParallelism());
  const interrupt = catchInterrupt(process, takeOver);
  const clear = (): void => void (stderr.isTTY && stderr.write("\r\u001b[K"));
  const print = (lines: readonly string[]): void => {
    clear();
    if (!flags.json) printLines(stdout, lines);
  };
  try {
    print(table.header());
    let rows = 0;
    const reports = await huntAll({
      bugs,
      scenarioOf: (bug) => scenarios.get(bug) as Scenario,
      ranges: flags.ranges,
      seedsMax: flags.maxSeeds,
      hunters,
      signal: interrupt.signal,
      onBug(report) {
        rows++;
        print(table.row(report));
      },
      onHunt(done, total) {
        if (stderr.isTTY) stderr.write(`\r\u001b[K${cut(`${done} of ${total} hunts`, stderr.columns - 1)}`);
      },
    });
    const isComplete = interrupt.exitCode === null;
    for (const report of reports.slice(rows)) if (report.hunts.length > 0) print(table.row(report));
    if (flags.json) {
      clear();
      stdout.write(`${JSON.stringify(bugsDocument(reports, isComplete), null, 2)}\n`);
    } else print(["", ...renderBugsSummary(reports, isComplete, page)]);
    return interrupt.exitCode ?? (reports.map(tallyHunts).every(isFound) ? EXIT.ok : EXIT.violation);
  } finally {
    interrupt.release();
    await hunters.close();
  }
}

function chosen(bugs: readonly Bug[], words: readonly string[]): readonly Bug[] {
  const names = bugs.map(({ name }) => name);
  const unknown = words.find((word) => !bugs.some((bug) => isMeant(bug, word)));
  if (unknown !== undefined) {
    const all = bugs.map(({ id, name }) => `  ${String(id).padStart(3)}  ${name}`);
    throw new UsageError([
      visible(`--bug "${unknown}": there is no such defect${didYouMean(unknown, names)}. There are:`),
      ...all.map(visible),
    ]);
  }
  return words.length === 0 ? bugs : bugs.filter((bug) => words.some((word) => isMeant(bug, word)));
}

/** By its number, or by its name with `*` for any text. */
function isMeant({ id, name }: Bug, word: string): boolean {
  if (/^\d+$/.test(word)) return Number(word) === id;
  const parts = word.split("*");
  const [first = "", ...others] = parts;
  if (!name.startsWith(first)) return false;
  let from = first.length;
  for (const [index, part] of others.entries()) {
    const at = index === others.length - 1 ? name.length - part.length : name.indexOf(part, from);
    if (at < from || !name.startsWith(part, at)) return false;
    from = at + part.length;
  }
  return from === name.length;
}

function withStrategy(scenario: Scenario, strategy: string | undefined): Scenario {
  return strategy === undefined ? scenario : { ...scenario, strategy };
}

function scenarioOf({ scenario, sound }: Bug, { invariants }: BugBank): Scenario {
  const file = fileURLToPath(packageFile(`scenarios/${scenario}.yaml`));
  return loadedOrThrow(readScenario(file, namesOf({ systems: [sound], invariants })));
}

export default toAction(huntBugs);
