/**
 * What a cache does by itself. Each kind of work is a supervised process that schedules its own next round, so a
 * round that fails is followed by a restart and not by silence, and stopping the cache stops them all.
 */
import type { ProcessSpec } from "@phyxius/process";
import type { HandoverWatch } from "../membership/handover.ts";
import type { Membership } from "../membership/membership.ts";
import type { BackgroundWork, PolicyKit } from "../policies/policy.ts";

export interface BackgroundKit extends PolicyKit {
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** See the property of this name of the policy. */
  readonly hasFixedOwners: boolean;
  readonly membership: Membership;
  readonly handover: HandoverWatch;
  /** Completes a change of members that nobody else completes. */
  readonly tendMembers: () => void;
}

/** The message by which a process reminds itself that its next round is due. */
export interface Reminder {
  readonly type: string;
}

/** Whoever handles it fails: for those who want to see what happens then. */
export const FAILURE: Reminder = { type: "fail" };

export type BackgroundProcess = ProcessSpec<Reminder, undefined, undefined>;

/** Restarts are cheap and the work is never urgent: a second's wait at first, at most half a minute. */
const BACKOFF = { initial: 1000, max: 30_000, factor: 2 };

/**
 * A process that does `work` every `everyMs`, the first time somewhere within the first period, so that nodes
 * which start together do not work together ever after.
 */
export function createPeriodicProcess(options: {
  readonly name: BackgroundWork;
  readonly emit: BackgroundKit["emit"];
  readonly reminder: string;
  readonly everyMs: number;
  readonly firstMs: number;
  /** Returns when to come back, if not after `everyMs`. */
  readonly work: () => number | void;
}): BackgroundProcess {
  const { name, everyMs, firstMs, work, emit } = options;
  const reminder: Reminder = { type: options.reminder };
  let hasFailed = false;
  return {
    name,
    supervision: { type: "one-for-one", backoff: BACKOFF },
    init(_ctx, tools) {
      if (hasFailed) emit({ type: "cache.background.restarted", operation: null, process: name });
      tools.schedule(firstMs, reminder);
      return undefined;
    },
    onStop(_state, reason) {
      if (typeof reason !== "object") return;
      hasFailed = true;
      const { error } = reason;
      const text = error instanceof Error ? error.message : String(error);
      emit({ type: "cache.background.failure", operation: null, process: name, error: text });
    },
    handle(_state, message, tools) {
      if (message === FAILURE) throw new Error(`the process "${name}" was made to fail`);
      const nextMs = work() ?? everyMs;
      tools.schedule(nextMs, reminder);
    },
  };
}

/** A whole number of milliseconds within a period, at least 1. */
export function somewhereWithin(periodMs: number, random: () => number): number {
  return 1 + Math.floor(random() * periodMs);
}
