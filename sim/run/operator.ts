import { backgroundCause } from "../kernel/cause.ts";
import { type Kernel, WORLD_LANE } from "../kernel/kernel.ts";
import { changeOf, type MembersChange } from "./members.ts";
import type { Plan } from "./plan.ts";
import type { SystemNode } from "./system.ts";

/** How long the operator waits for an answer before asking another machine. */
const PATIENCE_MS = 3000;
/** How soon after a failure the next machine is asked. */
const RETRY_MS = 250;

/** The machines as the operator sees them. */
export interface OperatedMachines {
  /** The system running on a machine, or null while the machine is down. */
  node(machine: string): SystemNode | null;
  enter(machine: string, work: () => void): void;
}

/**
 * Makes the changes of a plan, one after the other, each at its time or when the one before is complete: asks a
 * machine, and when it fails, or does not answer, the next one that is up, until one says that it is done. So a change
 * that is still open at the end of a run is one that the system could not make.
 */
export function startOperator(kernel: Kernel, plan: Plan, machines: OperatedMachines): void {
  const changes = plan.changes ?? [];
  const order = plan.cluster.machines;

  function begin(index: number): void {
    const planned = changes[index];
    if (planned === undefined) return;
    const change = changeOf(planned);
    const label = `change/${nameOf(change)}@${planned.atMs}`;
    let attempt = 0;

    function schedule(atUs: number): void {
      const cause = backgroundCause(`${label}/${++attempt}`);
      kernel.schedule(Math.max(atUs, kernel.nowUs), cause.hash, WORLD_LANE, cause, ask);
    }

    function ask(): void {
      const up = order.filter((machine) => machines.node(machine) !== null);
      const machine = up[(attempt - 1) % Math.max(1, up.length)];
      const node = machine === undefined ? null : machines.node(machine);
      if (machine === undefined || node?.administer === undefined) {
        schedule(kernel.nowUs + RETRY_MS * 1000);
        return;
      }
      let isOver = false;
      const over = (isDone: boolean, problem: string | null): void => {
        if (isOver) return;
        isOver = true;
        kernel.cancel(givesUp);
        if (kernel.isTracing) kernel.trace("operator.return", machine, { ...change, isDone, problem });
        if (isDone) begin(index + 1);
        else schedule(kernel.nowUs + RETRY_MS * 1000);
      };
      const { cause } = kernel;
      const givesUp = kernel.schedule(kernel.nowUs + PATIENCE_MS * 1000, 0, WORLD_LANE, cause, () =>
        over(false, "no answer"),
      );
      if (kernel.isTracing) kernel.trace("operator.call", machine, change);
      machines.enter(machine, () => {
        node.administer?.(change).then(
          (problem) => over(problem === null, problem),
          (error: unknown) => over(false, `threw: ${String(error)}`),
        );
      });
    }

    schedule(Math.round(planned.atMs * 1000));
  }

  begin(0);
}

/** As in `add s1, remove n2`. */
export function nameOf(change: MembersChange): string {
  return (["add", "drain", "remove"] as const)
    .flatMap((verb) => (change[verb].length === 0 ? [] : [`${verb} ${change[verb].join(" ")}`]))
    .join(", ");
}
