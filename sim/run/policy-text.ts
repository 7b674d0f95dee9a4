import { didYouMean, oneOf } from "./suggest.ts";
import type { PolicyCard, PolicyParameters } from "./system.ts";

/**
 * A policy as the command line, scenarios and plans write it: its name, and behind it, in parentheses, the
 * parameters that are not as usual: `quorum`, `quorum(read=1,write=1)`.
 */
export interface PolicyText {
  readonly name: string;
  readonly parameters: PolicyParameters;
}

const FORM = /^([^()]+)\(([^()]*)\)$/;
const SETTING = /^\s*([A-Za-z][A-Za-z0-9]{0,63})\s*=\s*(\d{1,9})\s*$/;

/** Null when what stands in the parentheses cannot be read. A text without parentheses is a name. */
export function parsePolicy(text: string): PolicyText | null {
  const form = FORM.exec(text);
  if (form === null) return { name: text, parameters: {} };
  const settings = (form[2] as string).split(",").map((setting) => SETTING.exec(setting));
  const parameters = new Map<string, number>();
  for (const setting of settings) {
    if (setting === null || parameters.has(setting[1] as string)) return null;
    parameters.set(setting[1] as string, Number(setting[2]));
  }
  return { name: form[1] as string, parameters: Object.fromEntries(parameters) };
}

/** The name of a policy, without its parameters; the whole text when it cannot be read. */
export function policyName(text: string): string {
  return parsePolicy(text)?.name ?? text;
}

/**
 * What is wrong with a policy's parameters, or null. What is wrong with its name is not said here.
 *
 * @param replication owners of each key; null when it is not known yet, and then no range is checked
 */
export function policyProblem(
  text: string,
  cards: readonly PolicyCard[],
  replication: number | null,
): string | null {
  const parsed = parsePolicy(text);
  if (parsed === null) {
    return `expected a policy such as quorum(read=1,write=2), each parameter once, got "${text}"`;
  }
  const card = cards.find(({ name }) => name === parsed.name);
  if (card === undefined) return null;
  const known = card.parameters ?? [];
  const names = known.map(({ name }) => name);
  for (const [name, value] of Object.entries(parsed.parameters)) {
    const parameter = known.find((candidate) => candidate.name === name);
    if (parameter === undefined) {
      return `expected ${oneOf(`parameters of ${card.name}`, names)}, got "${name}"${didYouMean(name, names)}`;
    }
    if (replication === null) continue;
    const max = parameter.maxFor(replication);
    if (value >= parameter.min && value <= max) continue;
    const range = `a whole number from ${parameter.min} to ${max}`;
    return `${name} (${parameter.summary}): expected ${range} with replication ${replication}, got ${value}`;
  }
  return null;
}

/** What a policy promises with these parameters and so many owners of each key. */
export function promisesOf(
  card: PolicyCard,
  parameters: PolicyParameters,
  replication: number,
): readonly string[] {
  if (card.promisesOf === undefined) return card.promises;
  const usual = (card.parameters ?? []).map(({ name, usualFor }) => [name, usualFor(replication)] as const);
  return card.promisesOf({ ...Object.fromEntries(usual), ...parameters }, replication);
}
