import type { TraceEvent } from "../../kernel/trace-sink.ts";
import { changeOf, type MembersChange } from "../../run/members.ts";
import { nameOf } from "../../run/operator.ts";
import type { Plan } from "../../run/plan.ts";
import type { PageAbsence, PageChange } from "../page/payload.ts";

/** The changes of the cluster as the operator saw them: from the first time that he asked until it was done. */
export function pageChanges(plan: Plan, events: readonly TraceEvent[], endUs: number): PageChange[] {
  const asked = events.filter(({ kind }) => kind === "operator.call" || kind === "operator.return");
  const { machines } = plan.cluster;
  let next = 0;
  return (plan.changes ?? []).flatMap((planned): PageChange[] => {
    // One change is made after the other, so what comes next in the trace is about the next change.
    const first = asked[next];
    if (first === undefined) return [];
    const change = changeOf(planned);
    while (next < asked.length && !isDone(asked[next])) next++;
    const done = asked[next++];
    return [
      {
        text: nameOf(change),
        machines: moved(change).map((machine) => machines.indexOf(machine)),
        startUs: first.timeUs,
        endUs: done?.timeUs ?? endUs,
        isDone: done !== undefined,
      },
    ];
  });
}

/** When each machine did not belong to the cluster: before it was added, and after it had gone. */
export function pageAbsences(plan: Plan, changes: readonly PageChange[], endUs: number): PageAbsence[] {
  const { machines, spares = [] } = plan.cluster;
  const since = new Map(spares.map((spare) => [spare, 0]));
  const absences: PageAbsence[] = [];
  const end = (name: string, atUs: number): void => {
    const startUs = since.get(name);
    if (startUs === undefined) return;
    absences.push({ machine: machines.indexOf(name), startUs, endUs: atUs });
    since.delete(name);
  };
  for (const [place, planned] of (plan.changes ?? []).entries()) {
    const made = changes[place];
    if (made?.isDone !== true) break;
    const { add, drain, remove } = changeOf(planned);
    for (const name of add) end(name, made.endUs);
    for (const name of [...drain, ...remove]) since.set(name, made.endUs);
  }
  // Deleting what a map is walked over is allowed.
  for (const name of since.keys()) end(name, endUs);
  return absences;
}

function moved({ add, drain, remove }: MembersChange): string[] {
  return [...add, ...drain, ...remove];
}

function isDone(event: TraceEvent | undefined): boolean {
  if (event?.kind !== "operator.return") return false;
  return (event.data as { readonly isDone?: unknown }).isDone === true;
}
