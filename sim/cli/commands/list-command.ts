import { firstSentence, type ListedScenario, renderListing } from "../../report/listing.ts";
import { readScenario } from "../../run/load/load-file.ts";
import { faultKinds } from "../../world/faults/index.ts";
import { type CliContext, pageFor, printLines, toAction } from "../context.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { knownNames } from "../known.ts";
import { requireInvariantFiles } from "../require-invariant.ts";
import { scenarioFiles } from "../scenario-files.ts";
import { problemLines } from "../usage-error.ts";
import { harnessFor, policyPath } from "../user-policies.ts";

export interface ListFlags {
  readonly policy?: readonly string[];
  readonly invariant?: readonly string[];
}

/** Shows what there is to choose from. A scenario that cannot be read is said, and the others are shown. */
async function list({ process }: CliContext, flags: ListFlags): Promise<ExitCode> {
  const harness = await harnessFor(
    (flags.policy ?? []).map((policy) => policyPath(policy, process.cwd())),
    { invariants: requireInvariantFiles(flags.invariant ?? [], process.cwd()) },
  );
  const problems: string[] = [];
  const scenarios = scenarioFiles([], process.cwd()).flatMap((file): ListedScenario[] => {
    const loaded = readScenario(file, knownNames);
    problems.push(...problemLines(loaded));
    return loaded.ok ? [{ name: loaded.value.name, summary: firstSentence(loaded.value.story) }] : [];
  });
  const listing = {
    scenarios,
    policies: harness.systems.flatMap((system) => system.policies),
    faults: faultKinds,
    invariants: harness.invariants,
    hooks: harness.systems.flatMap((system) => system.hooks ?? []),
  };
  printLines(process.stdout, renderListing(listing, pageFor(process.stdout, process.env)));
  printLines(process.stderr, problems);
  return problems.length > 0 ? EXIT.usage : EXIT.ok;
}

export default toAction(list);
