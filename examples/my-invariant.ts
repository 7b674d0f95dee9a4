/**
 * An invariant: what must be true of every run. Check it, break it, see what broke it:
 *
 *     npx cache-sim run partition-heal --invariant ./my-invariant.ts
 *     npx cache-sim shrink partition-heal --policy abd --seed 1 --invariant ./my-invariant.ts
 *
 * This one is a promise on latency. A check gets everything that is known of a finished run: its plan, what each client
 * asked for and got (`run.history`, times in microseconds of virtual time), what each machine held in the end
 * (`run.machines`), which lives crashed. It must be pure: no clock, no randomness, no state from run to run.
 */
import type { OwnInvariant } from "cache-sim/sim";

const WAIT_MS_MAX = 400;

export const invariant: OwnInvariant = {
  summary: "No client waits longer than 400 ms for an answer.",
  // Breaking it is a failure, whatever the policy promises; with false it is only measured.
  // isUnconditional: false,
  // It asks nothing of the end of the run, so that a plan that breaks it may end early when it is shrunk.
  isPrefixClosed: true,
  check(run) {
    const slow = run.history.filter(({ callUs, returnUs }) => returnUs - callUs > WAIT_MS_MAX * 1000);
    const [first] = slow;
    if (first === undefined) return [];
    return [
      {
        summary: `${slow.length} operations took longer than ${WAIT_MS_MAX} ms, the first was ${first.kind} ${first.id}`,
        // The certificate: few operations that prove it. Reports show them, shrinking keeps them.
        operations: [first],
      },
    ];
  },
};
