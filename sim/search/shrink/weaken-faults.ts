import { type AnyFaultKind, type Fault, faultKind } from "../../world/faults/index.ts";
import type { Attempts } from "./attempts.ts";
import { faultWithout } from "./remove-machines.ts";
import { rounderNumbers } from "./round-numbers.ts";

/** Makes each fault shorter, weaker, and about fewer machines. */
export async function weakenFaults(attempts: Attempts): Promise<void> {
  for (let index = 0; index < attempts.plan.faults.length; index++) {
    for (const machine of machinesOf(attempts.plan.faults[index] as Fault)) {
      const smaller = faultWithout(attempts.plan.faults[index] as Fault, machine);
      if (smaller !== null) await replaceFault(attempts, index, smaller);
    }
    for (const [field, value] of Object.entries(attempts.plan.faults[index] as Fault)) {
      if (typeof value !== "number" || field === "startMs" || field === "endMs") continue;
      for (const number of rounderNumbers(value)) {
        if (await changeFault(attempts, index, { [field]: number })) break;
      }
    }
    await shorten(attempts, index);
  }
}

/** First from its end, then from its beginning: in halves, and then to round times. */
async function shorten(attempts: Attempts, index: number): Promise<void> {
  const current = (): Fault => attempts.plan.faults[index] as Fault;
  const middle = (): number => Math.round((current().startMs + current().endMs) / 2);
  const lengthMs = (): number => current().endMs - current().startMs;
  while (lengthMs() > 2 && (await changeFault(attempts, index, { endMs: middle() })));
  while (lengthMs() > 2 && (await changeFault(attempts, index, { startMs: middle() })));
  for (const endMs of rounderNumbers(current().endMs)) {
    if (endMs >= current().startMs && (await changeFault(attempts, index, { endMs }))) break;
  }
  for (const stepMs of [1000, 100, 10, 1]) {
    const startMs = Math.ceil(current().startMs / stepMs) * stepMs;
    if (startMs === current().startMs) break;
    if (startMs <= current().endMs && (await changeFault(attempts, index, { startMs }))) break;
  }
}

function machinesOf(fault: Fault): readonly string[] {
  return (faultKind(fault.kind) as AnyFaultKind).machines(fault);
}

async function changeFault(attempts: Attempts, index: number, fields: object): Promise<boolean> {
  const fault = attempts.plan.faults[index] as Fault;
  const kind = faultKind(fault.kind) as AnyFaultKind;
  const parsed = kind.faultSchema.safeParse({ ...fault, ...fields });
  return parsed.success && replaceFault(attempts, index, parsed.data as unknown as Fault);
}

function replaceFault(attempts: Attempts, index: number, fault: Fault): Promise<boolean> {
  return attempts.attempt({ ...attempts.plan, faults: attempts.plan.faults.with(index, fault) });
}
