import { invariants as allInvariants } from "../check/index.ts";
import { drawPlan } from "../run/draw-plan.ts";
import type { Invariant } from "../run/invariant.ts";
import type { Plan } from "../run/plan.ts";
import type { RunOptions } from "../run/run.ts";
import { parsePolicy, promisesOf } from "../run/policy-text.ts";
import type { PolicyCard, System } from "../run/system.ts";
import type { Job } from "./job.ts";

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

/** What a policy, as a job or a plan names it, promises with so many owners of each key. */
export function promisesFor(
  systems: readonly System[],
  policy: string,
  replication: number,
): readonly string[] {
  const card = findPolicy(systems, policy)?.card;
  if (card === undefined) return [];
  return promisesOf(card, parsePolicy(policy)?.parameters ?? {}, replication);
}

/** The plan of one seed of a job. */
export function planOf(harness: Harness, { scenario, policy }: Job, seed: number): Plan {
  const found = findPolicy(harness.systems, policy);
  if (found === undefined) throw new RangeError(`no policy is called "${policy}"`);
  return drawPlan(scenario, {
    seed,
    policy,
    system: found.system.name,
    hooks: found.system.hooks,
    invariants: harness.invariants.map(({ name }) => name),
  });
}

/** What it takes to run a plan: the system that it names, and the checks that it asks for. */
export function optionsFor({ systems, invariants }: Harness, plan: Plan): RunOptions {
  const system = systems.find(({ name }) => name === plan.system);
  if (system === undefined) throw new RangeError(`no system is called "${plan.system}"`);
  return {
    system,
    invariants: plan.invariants.map((wanted) => {
      const invariant = invariants.find(({ name }) => name === wanted);
      if (invariant === undefined) throw new RangeError(`no invariant is called "${wanted}"`);
      return invariant;
    }),
  };
}
