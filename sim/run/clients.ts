import { operationCause } from "../kernel/cause.ts";
import { type Kernel, WORLD_LANE } from "../kernel/kernel.ts";
import type { Operation, ResultKind } from "./history.ts";
import type { Plan, PlanOperation } from "./plan.ts";
import type { OperationAnswer, SystemNode } from "./system.ts";

/**
 * How long after the deadline a client waits for an answer before it gives up. An answer that comes in between
 * is late, not missing.
 */
export const CLIENT_PATIENCE_MS = 50;

/** The machines as the clients see them. */
export interface Servers {
  /** The system running on a machine, or null while the machine is down. */
  node(machine: string): SystemNode | null;
  /** Runs a piece of work on a machine that is up, as soon as it is free. */
  enter(machine: string, work: () => void): void;
}

interface OpenOperation {
  readonly planned: PlanOperation;
  readonly machine: string;
  readonly callUs: number;
  /** When the machine took it up, if later than the call; may still be unknown when the client gave up. */
  takenUs: number | undefined;
  settle(result: ResultKind, value: string | null, error: string | null): void;
}

type Recorded = { -readonly [K in keyof Operation]: Operation[K] };

export interface Clients {
  /** Puts every operation of the plan on the kernel's queue. */
  start(): void;
  /** The connections to a machine break: its open operations end, indeterminate if they may have had effects. */
  machineCrashed(machine: string): void;
  /** What the clients saw, in the order of the calls. Operations that are still open end with the run. */
  history(): Operation[];
}

/**
 * Clients send one operation at a time, each at its planned time or when the one before has ended, to their own
 * machine or, while that is down, to the next one that is up.
 */
export function createClients(kernel: Kernel, plan: Plan, servers: Servers): Clients {
  const deadlineUs = Math.round(plan.deadlineMs * 1000);
  const finished: Recorded[] = [];
  /** By client: each has one operation open at most. */
  const open: (OpenOperation | null)[] = plan.clients.map(() => null);
  const home = new Map(plan.clients.map((client) => [client.id, client.machine]));

  function chooseMachine(client: string): string | null {
    const { machines } = plan.cluster;
    const first = machines.indexOf(home.get(client) ?? "");
    for (let step = 0; step < machines.length; step++) {
      const machine = machines[(first + step) % machines.length] as string;
      if (servers.node(machine) !== null) return machine;
    }
    return null;
  }

  function record(
    planned: PlanOperation,
    machine: string,
    callUs: number,
    returnUs: number,
    answer: OperationAnswer,
    takenUs?: number,
  ): Recorded {
    const recorded: Recorded = {
      id: planned.id,
      client: planned.client,
      machine,
      kind: planned.kind,
      key: planned.key,
      value: planned.kind === "set" ? (planned.value ?? null) : answer.value,
      ttlMs: planned.ttlMs ?? null,
      callUs,
      returnUs,
      deadlineUs: callUs + deadlineUs,
      result: answer.result,
      error: answer.error,
    };
    if (takenUs !== undefined) recorded.takenUs = takenUs;
    finished.push(recorded);
    return recorded;
  }

  function call(client: number, planned: PlanOperation, done: () => void): void {
    const callUs = kernel.nowUs;
    const machine = chooseMachine(planned.client);
    const node = machine === null ? null : servers.node(machine);
    const { cause } = kernel;
    if (kernel.isTracing) {
      const { id, kind, key, value, ttlMs } = planned;
      kernel.trace("client.call", machine, { id, client: planned.client, kind, key, value, ttlMs });
    }
    if (machine === null || node === null) {
      record(planned, "none", callUs, callUs, { result: "fail", value: null, error: "refused" });
      done();
      return;
    }

    let recorded: Recorded | null = null;
    const givesUp = kernel.schedule(
      callUs + deadlineUs + CLIENT_PATIENCE_MS * 1000,
      0,
      WORLD_LANE,
      cause,
      () => operation.settle("indeterminate", null, "deadline"),
    );
    const operation: OpenOperation = {
      planned,
      machine,
      callUs,
      takenUs: undefined,
      settle(result, value, error) {
        if (recorded !== null) return;
        open[client] = null;
        kernel.cancel(givesUp);
        if (kernel.isTracing)
          kernel.trace("client.return", machine, { id: planned.id, result, value, error });
        const answer = { result, value, error };
        recorded = record(planned, machine, callUs, kernel.nowUs, answer, operation.takenUs);
        done();
      },
    };
    open[client] = operation;
    const request = {
      kind: planned.kind,
      key: planned.key,
      value: planned.value ?? null,
      ttlMs: planned.ttlMs ?? null,
      deadlineMs: plan.deadlineMs,
    };
    servers.enter(machine, () => {
      if (kernel.nowUs > callUs) {
        operation.takenUs = kernel.nowUs;
        // Nobody waits any more, but the machine does not know: it does what it was asked to.
        if (recorded !== null) recorded.takenUs = kernel.nowUs;
      }
      node.perform(request).then(
        (answer) => operation.settle(answer.result, answer.value, answer.error),
        (error: unknown) => operation.settle("indeterminate", null, `threw: ${String(error)}`),
      );
    });
  }

  function runClient(client: number, operations: readonly PlanOperation[]): void {
    let next = 0;
    function arm(): void {
      const planned = operations[next++];
      if (planned === undefined) return;
      const cause = operationCause(planned.id);
      const earliestUs =
        planned.afterMs === undefined ? 0 : kernel.nowUs + Math.round(planned.afterMs * 1000);
      kernel.schedule(
        Math.max(Math.round(planned.atMs * 1000), earliestUs),
        cause.hash,
        WORLD_LANE,
        cause,
        () => call(client, planned, arm),
      );
    }
    arm();
  }

  return {
    start() {
      const byClient = new Map<string, PlanOperation[]>(plan.clients.map((client) => [client.id, []]));
      for (const operation of plan.operations) byClient.get(operation.client)?.push(operation);
      plan.clients.forEach(({ id }, client) => {
        runClient(
          client,
          (byClient.get(id) ?? []).sort((a, b) => a.atMs - b.atMs),
        );
      });
    },
    machineCrashed(machine) {
      for (const operation of open) {
        if (operation?.machine === machine) operation.settle("indeterminate", null, "crashed");
      }
    },
    history() {
      for (const operation of open) {
        if (operation === null) continue;
        const { planned, machine, callUs, takenUs } = operation;
        const answer = { result: "indeterminate", value: null, error: "open" } as const;
        record(planned, machine, callUs, Number.POSITIVE_INFINITY, answer, takenUs);
      }
      open.fill(null);
      return finished.sort((a, b) => a.callUs - b.callUs || compareText(a.id, b.id));
    },
  };
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
