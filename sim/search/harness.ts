import { invariants as allInvariants } from "../check/index.ts";
import { expectationProblem } from "../check/measures/expectations.ts";
import { bindSystem } from "../own/bind-system.ts";
import { isSystemModule } from "../own/own-system-shape.ts";
import { SystemFileError } from "../own/own-system.ts";
import { promisedUntil } from "../run/conditional-promises.ts";
import { drawPlan } from "../run/draw/draw-plan.ts";
import type { Invariant } from "../run/invariant.ts";
import type { KnownNames } from "../run/load/load-names.ts";
import type { Plan } from "../run/plan.ts";
import { InvariantFileError, invariantOf, isInvariantFile } from "../run/invariant-file.ts";
import { isPolicyFile, PolicyFileError, systemFileOf } from "../run/policy-file.ts";
import type { RunOptions } from "../run/run.ts";
import { didYouMean, oneOf } from "../run/suggest.ts";
import { parsePolicy, policyName, promisesOf } from "../run/policy-text.ts";
import type { PolicyCard, System } from "../run/system.ts";
import type { Job } from "./job.ts";
import { loadPolicyModule } from "./load-module.ts";

/** What a campaign runs and checks. Functions cannot be sent to a worker, so each one loads them from a module. */
export interface Harness {
  readonly systems: readonly System[];
  readonly invariants: readonly Invariant[];
}

/**
 * Loads a module that exports `systems`, and perhaps `invariants` to check instead of those that come with the
 * harness.
 */
export async function loadHarness(module: URL | string): Promise<Harness> {
  const loaded = (await import(String(module))) as Partial<Harness>;
  if (!Array.isArray(loaded.systems)) throw new TypeError(`${String(module)} exports no list "systems"`);
  return { systems: loaded.systems, invariants: loaded.invariants ?? allInvariants };
}

/**
 * The harness with the user's own policies among these besides.
 *
 * @throws PolicyFileError when one cannot be loaded, or promises what cannot be checked
 */
export async function withPolicyFiles(harness: Harness, policies: readonly string[]): Promise<Harness> {
  let { systems } = harness;
  for (const policy of policies.map(policyName)) {
    if (!isPolicyFile(policy) || findPolicy(systems, policy) !== undefined) continue;
    const file = systemFileOf(policy);
    const known = systems.find(({ name }) => name === file);
    if (known !== undefined) requireVariant(known, policy);
    const module = await loadPolicyModule(file);
    systems = isSystemModule(module)
      ? withSystem(systems, policy, systemIn(file, module))
      : withPolicy(harness, systems, policy, module);
  }
  return systems === harness.systems ? harness : { ...harness, systems };
}

function withSystem(systems: readonly System[], policy: string, own: System): readonly System[] {
  requireVariant(own, policy);
  return [...systems, own];
}

function withPolicy(
  harness: Harness,
  systems: readonly System[],
  policy: string,
  module: object,
): readonly System[] {
  const file = systemFileOf(policy);
  if (file !== policy) {
    const advice = "leave out the # and what follows";
    throw new PolicyFileError(`${policy}: ${file} is a policy, which has no variants: ${advice}`);
  }
  const taker = systems.find((system) => system.withPolicy !== undefined);
  if (taker?.withPolicy === undefined) {
    throw new PolicyFileError(`${policy}: none of the systems takes policies from files`);
  }
  const extended = taker.withPolicy(policy, module);
  requireKnownPromises(harness, extended, policy);
  return systems.map((system) => (system === taker ? extended : system));
}

/**
 * The policies of a system's file, one for each of its variants; null when the file has no system.
 *
 * @throws PolicyFileError when it cannot be loaded, or has a system that cannot be used
 */
export async function systemPoliciesOf(file: string): Promise<string[] | null> {
  const module = await loadPolicyModule(file);
  return isSystemModule(module) ? systemIn(file, module).policies.map(({ name }) => name) : null;
}

function systemIn(file: string, module: { readonly system: unknown }): System {
  try {
    return bindSystem(file, module);
  } catch (error) {
    const isTold = error instanceof SystemFileError || error instanceof InvariantFileError;
    throw isTold ? new PolicyFileError(error.message) : error;
  }
}

function requireVariant({ name, policies }: System, policy: string): void {
  const names = policies.map((card) => card.name);
  if (names.includes(policy)) return;
  if (names.includes(name)) throw new PolicyFileError(`${policy}: it has no variants: give ${name}`);
  const problem =
    policy === name
      ? `it has variants: choose one of ${names.join(", ")}`
      : `expected ${oneOf("variants", names)}${didYouMean(policy, names)}`;
  throw new PolicyFileError(`${policy}: ${problem}`);
}

/**
 * The harness with those of the invariants that are files.
 *
 * @throws InvariantFileError when one cannot be loaded, or is none
 */
export async function withInvariantFiles(harness: Harness, invariants: readonly string[]): Promise<Harness> {
  const loaded = [...harness.invariants];
  for (const file of invariants) {
    if (!isInvariantFile(file) || loaded.some(({ name }) => name === file)) continue;
    loaded.push(invariantOf(file, await loadInvariantModule(file)));
  }
  return loaded.length === harness.invariants.length ? harness : { ...harness, invariants: loaded };
}

/** The harness with all that a job names by files. */
export async function withFilesOf(harness: Harness, job: Job): Promise<Harness> {
  const files = [...(job.scenario.invariants ?? []), ...(job.invariantFiles ?? [])];
  return withInvariantFiles(await withPolicyFiles(harness, [job.policy]), files);
}

async function loadInvariantModule(file: string): Promise<object> {
  try {
    return await loadPolicyModule(file);
  } catch (error) {
    throw error instanceof PolicyFileError ? new InvariantFileError(error.message) : error;
  }
}

function requireKnownPromises({ invariants }: Harness, { policies, hooks }: System, policy: string): void {
  const card = policies.find(({ name }) => name === policy);
  if (card === undefined) return;
  const names = invariants.map(({ name }) => name);
  const probes = Object.keys(hooks?.probes ?? {});
  const unknown = [...card.promises, ...promisedUntil(card)].find((name) => !names.includes(name));
  if (unknown !== undefined) {
    const expected = `expected ${oneOf("invariants", names)}, got "${unknown}"${didYouMean(unknown, names)}`;
    throw new PolicyFileError(`${policy}: policy.promises: ${expected}`);
  }
  const probe = Object.keys(card.promisesUntil ?? {}).find((name) => !probes.includes(name));
  if (probe !== undefined) {
    const expected = `expected ${oneOf("probes", probes)}, got "${probe}"${didYouMean(probe, probes)}`;
    throw new PolicyFileError(`${policy}: policy.promisesUntil: ${expected}`);
  }
}

/** A policy and the system that has it. */
export interface FoundPolicy {
  readonly system: System;
  readonly card: PolicyCard;
}

/** @param policy its name, perhaps with parameters */
export function findPolicy(systems: readonly System[], policy: string): FoundPolicy | undefined {
  const name = parsePolicy(policy)?.name;
  for (const system of systems) {
    const card = system.policies.find((candidate) => candidate.name === name);
    if (card !== undefined) return { system, card };
  }
  return undefined;
}

/** What a policy, as a job or a plan names it, promises in every run or in some, with so many owners of each key. */
export function promisesFor(
  systems: readonly System[],
  policy: string,
  replication: number,
): readonly string[] {
  const card = findPolicy(systems, policy)?.card;
  if (card === undefined) return [];
  const always = promisesOf(card, parsePolicy(policy)?.parameters ?? {}, replication);
  return [...always, ...promisedUntil(card)];
}

/** The plan of one seed of a job. */
export function planOf(harness: Harness, { scenario, policy, invariantFiles = [] }: Job, seed: number): Plan {
  const found = findPolicy(harness.systems, policy);
  if (found === undefined) throw new RangeError(`no policy is called "${policy}"`);
  const plan = drawPlan(scenario, {
    seed,
    policy,
    system: found.system.name,
    hooks: found.system.hooks,
    workload: found.system.workload,
    invariants: invariantsOf(harness, found.system)
      .map(({ name }) => name)
      .filter((name) => !isInvariantFile(name)),
  });
  return { ...plan, invariants: [...new Set([...plan.invariants, ...invariantFiles])] };
}

export function systemOf({ systems }: Harness, plan: Plan): System {
  const system = systems.find(({ name }) => name === plan.system);
  if (system === undefined) throw new RangeError(`no system is called "${plan.system}"`);
  return system;
}

/** What it takes to run a plan: the system that it names, and the checks that it asks for. */
export function optionsFor(harness: Harness, plan: Plan): RunOptions {
  const system = systemOf(harness, plan);
  const invariants = invariantsOf(harness, system);
  return {
    system,
    invariants: plan.invariants.map((wanted) => {
      const invariant = invariants.find(({ name }) => name === wanted);
      if (invariant === undefined) {
        const names = invariants.map(({ name }) => name);
        throw new RangeError(
          `no invariant of the system ${system.name} is called "${wanted}"${didYouMean(wanted, names)}; it has ${names.join(", ")}`,
        );
      }
      return invariant;
    }),
  };
}

/** What can be checked of a system: its own invariants, or those that are known for the cache; and all files. */
export function invariantsOf({ invariants }: Harness, system: System): readonly Invariant[] {
  if (system.invariants === undefined) return invariants;
  return [...system.invariants, ...invariants.filter(({ name }) => isInvariantFile(name))];
}

/** The names that files may use. */
export function namesOf({ systems, invariants }: Harness): KnownNames {
  const cards = systems.flatMap((system) => system.policies);
  const policies = cards.map(({ name }) => name);
  return {
    systems: systems.map(({ name }) => name),
    policies,
    cards,
    invariants: invariants.map(({ name }) => name),
    crashpoints: systems.flatMap(({ hooks }) => Object.keys(hooks?.crashpoints ?? {})),
    detours: systems.flatMap(({ hooks }) => Object.keys(hooks?.detours ?? {})),
    processes: systems.flatMap(({ processes = [] }) => processes),
    messages: systems.flatMap(({ messages = [] }) => messages),
    timings: systems.flatMap(({ timings = {} }) => Object.keys(timings)),
    thresholds: systems.flatMap(({ thresholds = {} }) => Object.keys(thresholds)),
    expectationProblem: (text, scenario) => expectationProblem(text, scenario, policies),
  };
}
