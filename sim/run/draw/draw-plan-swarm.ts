import type { Draw } from "../../kernel/draw.ts";
import type { Scenario } from "../scenario/scenario.ts";

/** By kind of fault, in the order of the scenario: how much of it one seed takes, from 0 (none) to 1 (all). */
export type Swarm = ReadonlyMap<string, number>;

/** How often a seed takes every kind, each at full strength. */
const WHOLE_SHARE = 0.25;
const ON_SHARE = 0.5;
const FULL_SHARE = 0.5;
const STRENGTH_MIN = 0.1;

/**
 * Which kinds of faults a seed takes, and how strongly: at least one, if the scenario has any. But for that, whether
 * a kind is taken depends on no other kind. Groce, Zhang, Eide,
 * Chen and Regehr, "Swarm Testing" (ISSTA 2012): runs that each leave out some features find more, and other,
 * defects than runs that all have all of them, since one feature may hide what another would show.
 */
export function drawSwarm({ faults, swarm }: Scenario, draw: Draw): Swarm | null {
  const kinds = [...new Set(faults.map(({ kind }) => kind))];
  if (!swarm || kinds.length === 0) return null;
  if (draw.uniform("whole") < WHOLE_SHARE) return new Map(kinds.map((kind) => [kind, 1]));
  const lots = kinds.map((kind) => ({ kind, lot: draw.at(kind).uniform("on") }));
  const lowest = Math.min(...lots.map(({ lot }) => lot));
  return new Map(
    lots.map(({ kind, lot }) => [kind, lot < ON_SHARE || lot === lowest ? strengthOf(draw.at(kind)) : 0]),
  );
}

function strengthOf(draw: Draw): number {
  if (draw.uniform("full") < FULL_SHARE) return 1;
  return Math.round(draw.between("strength", STRENGTH_MIN, 1) * 1000) / 1000;
}
