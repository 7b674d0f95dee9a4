/**
 * Whatever one node misses, for however long: what was deleted or replaced stays so, and what nobody needs any more is
 * forgotten by all when all are there again.
 */
import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { quorum } from "../../src/policies/quorum.ts";
import { createCluster, type Cluster } from "../unit/src/cluster.ts";

const GRACE_MS = 1000;
const TIMING = { graceMs: GRACE_MS, expiryMs: 100, repairMs: 100, deadlineMs: 250 };
const NODES = ["n1", "n2", "n3"];

const key = fc.constantFrom("a", "b");
const node = fc.constantFrom(...NODES);
const step = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ act: fc.constant("set" as const), key, ttlMs: fc.constantFrom(300, 60_000) }),
  },
  { weight: 3, arbitrary: fc.record({ act: fc.constant("delete" as const), key }) },
  { weight: 3, arbitrary: fc.record({ act: fc.constant("cut" as const), node }) },
  { weight: 2, arbitrary: fc.record({ act: fc.constant("heal" as const) }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant("restart" as const), node }) },
  {
    weight: 3,
    arbitrary: fc.record({ act: fc.constant("pass" as const), passMs: fc.constantFrom(50, 400, 1500) }),
  },
);

interface Written {
  readonly value: number;
  readonly endMs: number;
}

/** One client, who is never at the node that is cut off, so that every operation succeeds and is known to have. */
async function play(
  cluster: Cluster,
  steps: readonly (typeof step extends fc.Arbitrary<infer S> ? S : never)[],
) {
  const written = new Map<string, Written>();
  let away: string | null = null;
  let turn = 0;
  let value = 0;
  const heal = async (): Promise<void> => {
    cluster.network.heal();
    away = null;
    // A node that came back empty votes when it has caught up.
    await cluster.pass(500);
  };
  const next = () =>
    cluster.node(NODES.filter((name) => name !== away)[turn++ % (away === null ? 3 : 2)] as string);
  const check = async (): Promise<void> => {
    for (const name of ["a", "b"]) {
      const known = written.get(name);
      const { wallMs } = cluster.clock.now();
      const isLive = known !== undefined && wallMs < known.endMs;
      expect(await cluster.await(next().get(name))).toBe(isLive ? known.value : undefined);
    }
  };
  for (const each of steps) {
    if (each.act === "set") {
      const { wallMs } = cluster.clock.now();
      await cluster.await(next().set(each.key, ++value, each.ttlMs));
      written.set(each.key, { value, endMs: wallMs + each.ttlMs });
    } else if (each.act === "delete") {
      await cluster.await(next().delete(each.key));
      written.delete(each.key);
    } else if (each.act === "cut") {
      await heal();
      away = each.node;
      cluster.network.cut(
        [away],
        NODES.filter((name) => name !== away),
      );
    } else if (each.act === "heal") await heal();
    else if (each.act === "restart") {
      await heal();
      cluster.crash(each.node);
      cluster.restart(each.node);
      await cluster.pass(500);
    } else await cluster.pass(each.passMs);
    await check();
  }
  await heal();
  await check();
}

const policies = [
  ["abd", {}],
  ["quorum", { policy: quorum }],
] as const;

describe.for(policies)("forgetting, with %s", ([, options]) => {
  test.prop([fc.array(step, { maxLength: 12 })], { numRuns: 25 })(
    "brings nothing back, and is complete in the end",
    async (steps) => {
      const cluster = createCluster(3, { timing: TIMING, ...options });
      try {
        await play(cluster, steps);
        for (const name of ["a", "b"]) await cluster.await(cluster.node("n1").delete(name));
        // The first owner settles half a grace on and drops another half later; an owner that it did not reach, in its turn.
        await cluster.pass(6 * GRACE_MS);
        for (const name of NODES) expect(cluster.node(name).getStateSnapshot().records.size).toBe(0);
      } finally {
        await cluster.stop();
      }
    },
  );
});
