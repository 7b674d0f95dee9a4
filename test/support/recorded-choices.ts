import { choiceIdentity } from "../../sim/kernel/choices.ts";
import type { TraceEvent } from "../../sim/kernel/trace-sink.ts";
import type { Plan } from "../../sim/run/plan.ts";
import { run } from "../../sim/run/run.ts";
import type { System } from "../../sim/run/system.ts";

/** One choice of a run, and what it was about. */
export interface RecordedChoice {
  readonly quantile: number;
  /** When and where the message was sent that it is about; null when it is about none. */
  readonly sent: string | null;
}

/**
 * Every choice of a run, by its identity.
 *
 * @throws when two choices have one identity: then one of them could not be addressed
 */
export async function recordedChoices(plan: Plan, system: System): Promise<Map<string, RecordedChoice>> {
  const choices = new Map<string, RecordedChoice>();
  let sent: string | null = null;
  await run(plan, {
    system,
    invariants: [],
    trace: {
      // A message takes its choices when it is sent, right after that was recorded.
      event({ kind, machine, timeUs }: TraceEvent) {
        if (kind === "net.send") sent = `by ${machine} at ${timeUs} us`;
      },
    },
    chooser: (usual) => ({
      quantile(site, cause, ordinal) {
        const identity = choiceIdentity(site, cause, ordinal);
        if (choices.has(identity)) throw new Error(`two choices are called ${identity}`);
        const quantile = usual.quantile(site, cause, ordinal);
        const isOfMessage = site.label.startsWith("net/") && !site.label.endsWith("/reset");
        choices.set(identity, { quantile, sent: isOfMessage ? sent : null });
        return quantile;
      },
    }),
  });
  return choices;
}
