import type { Plan } from "../run/plan.ts";
import { faultWithout } from "../search/shrink/remove-machines.ts";
import { rounderNumbers } from "../search/shrink/round-numbers.ts";
import { type AnyFaultKind, type Fault, faultKind } from "../world/faults/index.ts";

/** The plan with one fault shorter, weaker, or about fewer machines. */
export function* weakerFaults(plan: Plan): Iterable<Plan> {
  for (const [index, fault] of plan.faults.entries()) {
    for (const weaker of weakerOnes(fault)) {
      yield { ...plan, faults: plan.faults.with(index, weaker) };
    }
  }
}

function* weakerOnes(fault: Fault): Iterable<Fault> {
  const kind = faultKind(fault.kind) as AnyFaultKind;
  for (const machine of kind.machines(fault)) {
    const smaller = faultWithout(fault, machine);
    if (smaller !== null) yield smaller;
  }
  for (const [field, value] of Object.entries(fault)) {
    if (typeof value !== "number" || field === "startMs" || field === "endMs") continue;
    for (const number of rounderNumbers(value)) yield* changed(kind, fault, { [field]: number });
  }
  const { startMs, endMs } = fault;
  const middleMs = Math.round((startMs + endMs) / 2);
  if (middleMs < endMs) yield* changed(kind, fault, { endMs: middleMs });
  if (middleMs > startMs && middleMs < endMs) yield* changed(kind, fault, { startMs: middleMs });
}

function* changed(kind: AnyFaultKind, fault: Fault, fields: object): Iterable<Fault> {
  const parsed = kind.faultSchema.safeParse({ ...fault, ...fields });
  if (parsed.success) yield parsed.data as unknown as Fault;
}
