import type { Invariant } from "../run/invariant.ts";
import type { PolicyCard, PolicyParameter, SystemHooks } from "../run/system.ts";
import type { AnyFaultKind } from "../world/faults/index.ts";
import type { Page } from "./page.ts";
import { visible } from "./visible.ts";
import { indented, wrap } from "./wrap.ts";

export interface ListedScenario {
  readonly name: string;
  /** One sentence. */
  readonly summary: string;
}

export interface Listing {
  readonly scenarios: readonly ListedScenario[];
  readonly policies: readonly PolicyCard[];
  readonly faults: readonly AnyFaultKind[];
  readonly invariants: readonly Invariant[];
  readonly hooks: readonly SystemHooks[];
}

const INDENT = "  ";
const NAME_WIDTH_MAX = 28;

/** What there is to choose from, each with the sentence that explains it. */
export function renderListing(
  { scenarios, policies, faults, invariants, hooks }: Listing,
  page: Page,
): string[] {
  return [
    ...section(
      "Scenarios",
      scenarios.map(({ name, summary }) => [name, summary]),
      page,
    ),
    "",
    ...section(
      "Policies",
      policies.map(({ name, summary, promises, parameters = [] }) => [
        name,
        `${summary} ${promisesText(promises, invariants)}${parametersText(name, parameters)}`,
      ]),
      page,
    ),
    "",
    ...section(
      "Faults",
      faults.map(({ kind, summary }) => [kind, summary]),
      page,
    ),
    "",
    ...section(
      "Invariants",
      invariants.map(({ name, summary }) => [name, summary]),
      page,
    ),
    ...hooks.flatMap(({ detours, probes, crashpoints }) => [
      "",
      ...section("Detours (unlikely but legal ways to go on)", Object.entries(detours), page),
      "",
      ...section("Crash points (where a machine may die)", Object.entries(crashpoints), page),
      "",
      ...section("Probes (rare things that a campaign should see)", Object.entries(probes), page),
    ]),
  ];
}

function promisesText(promises: readonly string[], invariants: readonly Invariant[]): string {
  if (promises.length === 0) return "(promises nothing)";
  const isAll = invariants.every(({ name }) => promises.includes(name));
  return isAll ? "(promises every invariant)" : `(promises ${promises.join(", ")})`;
}

/** How to set the parameters, and what each means. */
function parametersText(policy: string, parameters: readonly PolicyParameter[]): string {
  if (parameters.length === 0) return "";
  const example = parameters.map(({ name, min }) => `${name}=${min}`).join(",");
  const meanings = parameters.map(({ name, summary }) => `${name}: ${summary}`).join("; ");
  return `; parameters: ${meanings}; for example "${policy}(${example})"`;
}

function section(title: string, entries: readonly (readonly [string, string])[], page: Page): string[] {
  const { width, style } = page;
  const nameWidth = Math.min(NAME_WIDTH_MAX, Math.max(0, ...entries.map(([name]) => name.length))) + 2;
  const room = width - INDENT.length - nameWidth;
  const lines = entries.flatMap(([name, text]) => {
    const shown = visible(name);
    const [first = "", ...others] = wrap(visible(text), room);
    const head = shown.length + 2 <= nameWidth ? [style.command(shown.padEnd(nameWidth)) + first] : null;
    const margin = " ".repeat(nameWidth);
    if (head !== null) return [...head, ...indented(others, margin)];
    return [style.command(shown), ...indented([first, ...others], margin)];
  });
  return [style.strong(title), ...indented(entries.length === 0 ? ["none"] : lines, INDENT)];
}

/** The first sentence of a story, on one line. */
export function firstSentence(story: string): string {
  const text = story.replaceAll(/\s+/g, " ").trim();
  return /^.*?[.!?](?=\s|$)/.exec(text)?.[0] ?? text;
}
