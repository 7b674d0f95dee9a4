import { describe, expect, test } from "vitest";
import { invariants } from "../../sim/check/index.ts";
import { drawPlan } from "../../sim/run/draw/draw-plan.ts";
import { readScenario } from "../../sim/run/load/load-file.ts";
import { run } from "../../sim/run/run.ts";
import { createCacheSystem } from "../../sim/systems/cache.ts";
import { asyncPrimary } from "../../src/policies/async-primary.ts";
import type { Policy, PolicyKit } from "../../src/policies/policy.ts";

/** Mistakes that primaries are known for, each of which the harness must find though none of them is a failover. */

function withKit(change: (kit: PolicyKit) => PolicyKit): Policy {
  return { ...asyncPrimary, create: (kit) => asyncPrimary.create(change(kit)) };
}

/** What is on its way to the disk is acknowledged. */
const acknowledgesBeforeSync = withKit((kit) => ({
  ...kit,
  keep(record, done) {
    const isStored = kit.store.apply(record);
    kit.keep(record, () => {});
    done(isStored ? "kept" : "full");
  },
}));

/** A request that is sent again is taken for another one. */
const carriesOutTwice = withKit((kit) => ({
  ...kit,
  gather(operation, options) {
    const { request } = options;
    const gather = kit.gather(operation, options);
    if (request.type !== "policy" || request.kind === "get") return gather;
    const resend = gather.resend.bind(gather);
    gather.resend = () => {
      resend();
      const [target = ""] = gather.targets;
      const body = {
        number: 1e6 + kit.rpc.nextRequest(),
        oldestOpen: 1,
        attempt: 1,
        life: 1,
        expected: null,
      };
      kit.rpc.send(target, kit.rpc.encode({ ...request, request: kit.rpc.nextRequest(), body }));
    };
    return gather;
  },
}));

const names = invariants.map(({ name }) => name);
const promised = invariants.filter(({ name }) =>
  ["linearizable", "acknowledged-writes-survive"].includes(name),
);
const SEEDS_MAX = 60;

/** What the first run breaks in which nothing has ended its promises. */
async function firstFinding(file: string, policy: Policy): Promise<readonly string[]> {
  const loaded = readScenario(`scenarios/${file}.yaml`, { policies: [policy.name], invariants: names });
  if (!loaded.ok) throw new Error(`${file} does not load`);
  const system = createCacheSystem([policy]);
  for (let seed = 1; seed <= SEEDS_MAX; seed++) {
    const plan = drawPlan(loaded.value, { seed, system: "cache", policy: policy.name, invariants: names });
    const { violations } = await run(plan, { system, invariants: promised });
    const broken = violations.filter(({ endedBy }) => endedBy === undefined);
    if (broken.length > 0) return broken.map(({ invariant }) => invariant);
  }
  return [];
}

describe(`within ${SEEDS_MAX} seeds the harness finds a primary that`, () => {
  test.each([
    ["acknowledges what is not on its disk yet", "power-loss", acknowledgesBeforeSync],
    ["carries out a request twice that came twice", "lossy-network", carriesOutTwice],
  ])("%s, in %s", async (_, file, policy) => {
    expect(await firstFinding(file, policy)).toContain("linearizable");
  });
});
