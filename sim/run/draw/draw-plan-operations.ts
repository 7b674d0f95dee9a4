import type { Draw } from "../../kernel/draw.ts";
import { wholeMicros } from "../../world/quantity-text.ts";
import { createKeyPicker, type KeyPicker } from "./draw-plan-keys.ts";
import type { RecordedOperation, Stretch } from "./draw-plan-recorded.ts";
import type { Round } from "./draw-plan-rounds.ts";
import type { PlanOperation } from "../plan.ts";
import type { Scenario } from "../scenario/scenario.ts";
import type { SystemWorkload, WorkloadOperation } from "../system.ts";
import { WORKLOAD_KINDS, type WorkloadKind } from "../workload-kinds.ts";

/**
 * What the clients do: each client one operation in each round, at a moment of its own within the round; or, after a
 * recorded trace, one row after the other, dealt to the clients in turn.
 */
export function drawOperations(
  scenario: Scenario,
  draw: Draw,
  rounds: readonly Round[],
  stretch: Stretch | null,
  calls?: SystemWorkload,
): PlanOperation[] {
  const { workload } = scenario;
  const operations: PlanOperation[] = [];
  const pickKey = createKeyPicker(workload.popularity, workload.keys.length);
  const clients = Array.from({ length: workload.clients }, (_, i) => {
    const id = `c${i + 1}`;
    return { id, draw: draw.at("client").at(id) };
  });
  for (const index of rounds.keys()) {
    const first = operations.length;
    for (const client of clients) {
      const recorded = stretch?.operationAt(operations.length);
      operations.push(
        calls === undefined
          ? drawOperation(scenario, client, rounds, index, pickKey, recorded)
          : drawCall(scenario, calls, client, rounds[index] as Round, index + 1, pickKey, recorded),
      );
    }
    sortFrom(operations, first);
  }
  return operations;
}

interface Client {
  readonly id: string;
  readonly draw: Draw;
}

function drawOperation(
  { workload }: Scenario,
  client: Client,
  rounds: readonly Round[],
  index: number,
  pickKey: KeyPicker,
  recorded: RecordedOperation | undefined,
): PlanOperation {
  const { keys, mix, ttl, loads } = workload;
  const number = index + 1;
  const draw = client.draw.at(number);
  const operation: PlanOperation = {
    id: `${client.id}#${number}`,
    client: client.id,
    ...drawTime(workload, draw, rounds[index] as Round, recorded),
    kind: recorded?.kind ?? drawKind(mix, draw),
    key: recorded?.key ?? (keys[pickKey(draw)] as string),
  };
  const { kind } = operation;
  if (kind === "get" || kind === "delete") return operation;
  const isTouch = kind === "touch";
  if (!isTouch) operation.value = `${client.id}:${number}`;
  if (ttl !== undefined && (isTouch || draw.uniform("ttl") < ttl.share)) {
    operation.ttlMs = drawTtlMs(ttl, draw, operation.atMs, rounds, index);
  }
  if (kind === "getOrLoad") operation.loadMs = wholeMicros(draw.between("load", loads.min, loads.max));
  return operation;
}

function drawCall(
  { workload }: Scenario,
  { operations, isKeyed }: SystemWorkload,
  client: Client,
  round: Round,
  number: number,
  pickKey: KeyPicker,
  recorded: RecordedOperation | undefined,
): PlanOperation {
  const { keys } = workload;
  const draw = client.draw.at(number);
  const id = `${client.id}#${number}`;
  const weights = operations.map(({ weight }) => weight);
  const { f, input } = operations[draw.weighted("call", weights)] as WorkloadOperation;
  return {
    id,
    client: client.id,
    ...drawTime(workload, draw, round, recorded),
    kind: "call",
    key: isKeyed ? (recorded?.key ?? (keys[pickKey(draw)] as string)) : (keys[0] as string),
    f,
    ...(input !== undefined && { input: input(draw.at("input"), id) }),
  };
}

/** When the trace says, or a moment of the round; or, of a client that thinks, how long after the answer before. */
function drawTime(
  { think }: Scenario["workload"],
  draw: Draw,
  { startMs, lengthMs }: Round,
  recorded: RecordedOperation | undefined,
): Pick<PlanOperation, "atMs" | "afterMs"> {
  if (recorded?.atMs !== undefined) return { atMs: recorded.atMs };
  return think === undefined
    ? { atMs: wholeMicros(startMs + draw.between("at", 0, lengthMs)) }
    : { atMs: 0, afterMs: wholeMicros(draw.between("think", think.min, think.max)) };
}

function drawKind(mix: Scenario["workload"]["mix"], draw: Draw): WorkloadKind {
  const weights = WORKLOAD_KINDS.map((kind) => mix[kind]);
  return WORKLOAD_KINDS[draw.weighted("kind", weights)] as WorkloadKind;
}

/** Some values expire at a random moment, the others in the middle of a later burst, when all clients act. */
function drawTtlMs(
  { lasts, aimed }: NonNullable<Scenario["workload"]["ttl"]>,
  draw: Draw,
  atMs: number,
  rounds: readonly Round[],
  index: number,
): number {
  if (draw.uniform("aim") < aimed) {
    const targets: Round[] = [];
    for (let i = index + 1; i < rounds.length; i++) {
      const round = rounds[i] as Round;
      if (round.startMs + round.lengthMs > atMs + lasts.max) break;
      if (round.isBurst && round.startMs >= atMs + lasts.min) targets.push(round);
    }
    if (targets.length > 0) {
      const { startMs, lengthMs } = draw.pick("burst", targets);
      return wholeMicros(startMs + draw.between("expiry", 0, lengthMs) - atMs);
    }
  }
  return Math.max(0.001, wholeMicros(draw.between("lasts", lasts.min, lasts.max)));
}

/** By time; at the same time, in the order of the clients. A round has few operations and is almost sorted. */
function sortFrom(operations: PlanOperation[], first: number): void {
  for (let i = first + 1; i < operations.length; i++) {
    const operation = operations[i] as PlanOperation;
    let j = i - 1;
    for (; j >= first && (operations[j] as PlanOperation).atMs > operation.atMs; j--) {
      operations[j + 1] = operations[j] as PlanOperation;
    }
    operations[j + 1] = operation;
  }
}
