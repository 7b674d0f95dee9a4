/** A restart policy for many processes, by identifier, for those who run processes of their own making. */
import type { Clock } from "@phyxius/clock";
import { type EmitFn, emitQuietly } from "./events.ts";
import type { ProcessId } from "./process-id.ts";
import { type RestartDecision, type RestartPolicy, createRestartPolicy } from "./restart-policy.ts";
import type { SupervisionStrategy } from "./types.ts";
import { requireStrategy } from "./spec-checks.ts";

interface History {
  readonly policy: RestartPolicy;
  lastDecision: RestartDecision;
}

export class Supervisor {
  private readonly strategy: SupervisionStrategy;
  private readonly clock: Clock;
  private readonly emit: EmitFn | undefined;
  private readonly random: (() => number) | undefined;
  private readonly histories = new Map<ProcessId, History>();

  constructor(strategy: SupervisionStrategy, clock: Clock, emit?: EmitFn, random?: () => number) {
    requireStrategy("strategy", strategy);
    this.strategy = strategy;
    this.clock = clock;
    this.emit = emit;
    this.random = random;
  }

  /** Records a failure. False when the process must stay down; giving up is reported as an event. */
  shouldRestart(processId: ProcessId): boolean {
    const history = this.historyOf(processId);
    const decision = history.policy.decide(this.clock.now().monoMs);
    history.lastDecision = decision;
    if (decision.kind === "giveup") this.report(processId, decision);
    return decision.kind === "restart";
  }

  /** How long to wait before the restart that `shouldRestart` has just allowed. */
  getRestartDelay(processId: ProcessId): number {
    const decision = this.histories.get(processId)?.lastDecision;
    if (decision?.kind !== "restart") return 0;
    this.report(processId, decision);
    return decision.delayMs;
  }

  clearRestartHistory(processId: ProcessId): void {
    this.histories.delete(processId);
  }

  private historyOf(processId: ProcessId): History {
    let history = this.histories.get(processId);
    if (history === undefined) {
      const policy = createRestartPolicy(this.strategy, this.random);
      history = { policy, lastDecision: { kind: "none" } };
      this.histories.set(processId, history);
    }
    return history;
  }

  private report(id: ProcessId, decision: RestartDecision): void {
    if (this.emit !== undefined) reportDecision(this.emit, id, decision);
  }
}

export function reportDecision(emit: EmitFn, id: ProcessId, decision: RestartDecision): void {
  if (decision.kind === "restart") {
    const { attempt, delayMs } = decision;
    emitQuietly(emit, { type: "supervisor:restart", id, attempt, delayMs });
  } else if (decision.kind === "giveup") {
    const { attempts, withinMs } = decision;
    emitQuietly(emit, { type: "supervisor:giveup", id, attempts, withinMs });
  }
}
