import { operationCause } from "../kernel/cause.ts";
import { type Kernel, WORLD_LANE } from "../kernel/kernel.ts";
import { createClientKnowledge } from "./client-knowledge.ts";
import type { Operation } from "./history.ts";
import type { Load } from "./invariant.ts";
import { createLoadLog } from "./load-log.ts";
import type { Plan, PlanOperation } from "./plan.ts";
import type { OperationAnswer, OperationRequest, SystemNode } from "./system.ts";

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
  /** The system has thrown where it must not. */
  failed(machine: string, error: unknown): void;
}

interface OpenOperation {
  readonly planned: PlanOperation;
  readonly machine: string;
  readonly callUs: number;
  /** When the machine took it up, if later than the call; may still be unknown when the client gave up. */
  takenUs: number | undefined;
  /** The value that a compareAndSet was sent to replace. */
  readonly expected: string | undefined;
  settle(answer: OperationAnswer): void;
}

type Recorded = { -readonly [K in keyof Operation]: Operation[K] };

export interface Clients {
  /** Puts every operation of the plan on the kernel's queue. */
  start(): void;
  /** The connections to a machine break: its open operations end, indeterminate if they may have had effects. */
  machineCrashed(machine: string): void;
  /** What the clients saw, in the order of the calls. Operations that are still open end with the run. */
  history(): Operation[];
  /** The calls of their loaders. */
  loads(): readonly Load[];
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
  const knowledge = createClientKnowledge(plan.operations);
  const loadLog = createLoadLog(() => kernel.nowUs);
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
    { takenUs, expected }: Partial<Pick<OpenOperation, "takenUs" | "expected">> = {},
  ): Recorded {
    const recorded: Recorded = {
      id: planned.id,
      client: planned.client,
      machine,
      kind: planned.kind,
      key: planned.key,
      value: planned.kind === "get" ? answer.value : (planned.value ?? null),
      ttlMs: planned.ttlMs ?? null,
      callUs,
      returnUs,
      deadlineUs: callUs + deadlineUs,
      result: answer.result,
      error: answer.error,
    };
    if (takenUs !== undefined) recorded.takenUs = takenUs;
    if (planned.kind === "compareAndSet") recorded.expected = expected ?? null;
    if (answer.effect !== undefined) recorded.effect = answer.effect;
    if (answer.effect === "found") recorded.found = answer.value;
    if (planned.kind === "call") Object.assign(recorded, callOf(planned, answer));
    finished.push(recorded);
    return recorded;
  }

  function call(client: number, planned: PlanOperation, done: () => void): void {
    const callUs = kernel.nowUs;
    const machine = chooseMachine(planned.client);
    const node = machine === null ? null : servers.node(machine);
    const { cause } = kernel;
    if (kernel.isTracing) {
      const { id, client: name, kind, key, value, ttlMs, f, input } = planned;
      const called = kind === "call" && { f, input };
      kernel.trace("client.call", machine, { id, client: name, kind, key, value, ttlMs, ...called });
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
      () => operation.settle(unanswered("deadline")),
    );
    const known = planned.kind === "compareAndSet" ? knowledge?.expected(planned) : undefined;
    const operation: OpenOperation = {
      planned,
      machine,
      callUs,
      takenUs: undefined,
      expected: known?.value,
      settle(answer) {
        if (recorded !== null) return;
        open[client] = null;
        kernel.cancel(givesUp);
        if (kernel.isTracing) {
          const { result, value, error, effect, output } = answer;
          const returned = planned.kind === "call" && { output };
          kernel.trace("client.return", machine, {
            id: planned.id,
            result,
            value,
            error,
            effect,
            ...returned,
          });
        }
        knowledge?.note(planned, answer);
        recorded = record(planned, machine, callUs, kernel.nowUs, answer, operation);
        done();
      },
    };
    open[client] = operation;
    const request: OperationRequest = {
      kind: planned.kind,
      key: planned.key,
      value: planned.value ?? null,
      ttlMs: planned.ttlMs ?? null,
      deadlineMs: plan.deadlineMs,
      ...(planned.kind === "compareAndSet" && { expected: known?.version ?? null }),
      ...(planned.kind === "getOrLoad" && { loader: loadLog.loaderFor(planned, machine) }),
      ...(planned.kind === "call" && { f: planned.f ?? "", input: planned.input ?? null }),
    };
    servers.enter(machine, () => {
      if (kernel.nowUs > callUs) {
        operation.takenUs = kernel.nowUs;
        // Nobody waits any more, but the machine does not know: it does what it was asked to.
        if (recorded !== null) recorded.takenUs = kernel.nowUs;
      }
      node.perform(request).then(
        (answer) => operation.settle(answer),
        (error: unknown) => {
          servers.failed(machine, error);
          operation.settle(unanswered(`threw: ${String(error)}`));
        },
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
        if (operation?.machine === machine) operation.settle(unanswered("crashed"));
      }
      loadLog.machineCrashed(machine);
    },
    history() {
      for (const operation of open) {
        if (operation === null) continue;
        const { planned, machine, callUs } = operation;
        record(planned, machine, callUs, Number.POSITIVE_INFINITY, unanswered("open"), operation);
      }
      open.fill(null);
      return finished.sort((a, b) => a.callUs - b.callUs || compareText(a.id, b.id));
    },
    loads: () => loadLog.loads(),
  };
}

function callOf({ f = "", input = null }: PlanOperation, { result, output = null }: OperationAnswer) {
  return { f, input, output: result === "ok" ? output : null };
}

/** What a client knows that had no answer. */
function unanswered(error: string): OperationAnswer {
  return { result: "indeterminate", value: null, error };
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
