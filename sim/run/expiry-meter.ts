/**
 * How early values may end where times to live are relative.
 *
 * A record that goes from one machine to another is restated in the other's time by what the sender knows of that
 * clock: the best of the messages that it has had from there. It ends early by the time that this message was under
 * way, and by what must be left for drift. What no machine can know is known here. So the allowance is as narrow as
 * this run lets it be, and what wall clocks show has no part in it.
 */
import type { Kernel } from "../kernel/kernel.ts";
import type { MachineEnv } from "../world/machine.ts";
import type { History } from "./history.ts";
import type { Plan } from "./plan.ts";

export interface ExpiryMeter {
  /** The same environment, with its messages timed. */
  watch(env: MachineEnv): MachineEnv;
  /** How much earlier than its time to live any value may have been gone, in microseconds. */
  allowanceUs(history: History, crashCount: number): number;
}

interface Sent {
  readonly life: number;
  readonly atUs: number;
}

/** What one life of a machine knows of a peer's clock. */
interface Known {
  readonly life: number;
  /** How long the message was under way, until it was handled. */
  readonly transitUs: number;
  readonly atUs: number;
}

/** What clocks round by, in all that is computed for one move. */
const ROUNDING_US = 50;
const MILLION = 1_000_000;

export function createExpiryMeter(
  kernel: Pick<Kernel, "nowUs">,
  { cluster, changes = [], clockDriftPpm = 0 }: Pick<Plan, "cluster" | "changes" | "clockDriftPpm">,
): ExpiryMeter {
  const sent = new WeakMap<Uint8Array, Sent>();
  /** How much a clock advances at least while another one advances by 1. A move loses that twice, once on each end. */
  const slowest = (MILLION - clockDriftPpm) / (MILLION + clockDriftPpm);
  const driftTwice = 1 - slowest * slowest;
  let worstUs = 0;

  function lossUs({ transitUs, atUs }: Known): number {
    return transitUs + driftTwice * (kernel.nowUs - atUs);
  }

  return {
    watch(env) {
      const known = new Map<string, Known>();
      const network: MachineEnv["network"] = {
        ...env.network,
        send(to, frame) {
          const clock = known.get(to);
          if (clock !== undefined) worstUs = Math.max(worstUs, lossUs(clock));
          sent.set(frame, { life: env.incarnation, atUs: kernel.nowUs });
          env.network.send(to, frame);
        },
        onFrame(receive) {
          env.network.onFrame((from, frame) => {
            // A frame that was damaged on its way is another one, and is refused.
            const origin = sent.get(frame);
            if (origin !== undefined) note(known, from, origin);
            receive(from, frame);
          });
        },
      };
      // Property by property, so that what is made when it is first asked for is not made for being copied.
      const { getOwnPropertyDescriptors } = Object;
      return Object.defineProperties(
        {},
        { ...getOwnPropertyDescriptors(env), ...getOwnPropertyDescriptors({ network }) },
      ) as MachineEnv;
    },
    allowanceUs(history, crashCount) {
      const ttlUsMax = history.reduce((most, { ttlMs }) => Math.max(most, (ttlMs ?? 0) * 1000), 0);
      const touches = new Map<string, number>();
      for (const { kind, key } of history) {
        if (kind === "touch") touches.set(key, (touches.get(key) ?? 0) + 1);
      }
      // Of one version an owner takes one copy in each of its lives, from another owner's by way of whoever read or
      // wrote it, and the last one goes to a reader. A touch makes a version that inherits what the one before had lost.
      const owners = changes.length === 0 ? cluster.replication : cluster.machines.length;
      const copies = owners + crashCount + Math.max(0, ...touches.values());
      const moves = 2 * copies + 1;
      const perMoveUs = worstUs + driftTwice * ttlUsMax + ROUNDING_US;
      return Math.ceil((1 - slowest) * ttlUsMax + ROUNDING_US + moves * perMoveUs);
    },
  };

  function note(known: Map<string, Known>, from: string, { life, atUs }: Sent): void {
    const before = known.get(from);
    const now: Known = { life, transitUs: kernel.nowUs - atUs, atUs: kernel.nowUs };
    const isBetter =
      before === undefined || life > before.life || (life === before.life && lossUs(now) < lossUs(before));
    if (isBetter) known.set(from, now);
  }
}
