import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { createCluster } from "../unit/src/cluster.ts";

fc.configureGlobal({ seed: 20_251_122 });

const STALE_MS_MAX = 100;
const TTL_MS = 2000;
const names = ["n1", "n2", "n3", "n4", "n5"];
const node = fc.constantFrom(...names);

const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ act: fc.constant("set" as const), node }) },
  { weight: 5, arbitrary: fc.record({ act: fc.constant("get" as const), node }) },
  {
    weight: 2,
    arbitrary: fc.record({ act: fc.constant("pass" as const), node, ms: fc.constantFrom(20, 60, 300) }),
  },
  { weight: 2, arbitrary: fc.record({ act: fc.constant("cut" as const), node, other: node }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant("heal" as const), node }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant("restart" as const), node }) },
);

interface Write {
  readonly startedMs: number;
  endedMs: number;
  /** False: it may or may not have happened. */
  isAcknowledged: boolean;
}

describe("what near copies say", () => {
  test.prop([fc.array(step, { minLength: 6, maxLength: 25 })], { numRuns: 40 })(
    "was replaced no longer ago than the bound, and has not expired, whatever is cut off or restarts",
    async (steps) => {
      const cluster = createCluster(5, {
        replication: 3,
        latencyMs: 5,
        timing: { deadlineMs: 400 },
        nearCopies: { staleMsMax: STALE_MS_MAX },
      });
      const { clock, network } = cluster;
      const writes: Write[] = [];
      let restarts = 0;

      function checkAll(): void {
        const { monoMs } = clock.now();
        for (const name of names) {
          const hit = cluster.node(name).peek<number>("k");
          if (hit === undefined) continue;
          const written = writes[hit.value] as Write;
          if (written.isAcknowledged) expect(monoMs).toBeLessThan(written.endedMs + TTL_MS);
          for (const later of writes.slice(hit.value + 1)) {
            if (!later.isAcknowledged || later.startedMs < written.endedMs) continue;
            expect(monoMs - later.endedMs).toBeLessThanOrEqual(STALE_MS_MAX);
          }
        }
      }

      async function pass(durationMs: number): Promise<void> {
        for (let passedMs = 0; passedMs < durationMs; passedMs += 10) {
          await cluster.pass(10);
          checkAll();
        }
      }

      for (const each of steps) {
        if (each.act === "set") {
          const write: Write = { startedMs: clock.now().monoMs, endedMs: Infinity, isAcknowledged: false };
          const place = writes.push(write) - 1;
          let isOver = false;
          const ended = cluster.node(each.node).set("k", place, TTL_MS);
          void ended
            .then(
              () => (write.isAcknowledged = true),
              () => {},
            )
            .finally(() => {
              isOver = true;
              write.endedMs = clock.now().monoMs;
            });
          await clock.flush();
          while (!isOver) await pass(10);
        } else if (each.act === "get") {
          void cluster.node(each.node).lookup("k");
          await pass(40);
        } else if (each.act === "pass") await pass(each.ms);
        else if (each.act === "heal") network.heal();
        else if (each.act === "cut") network.cut([each.node], [each.other]);
        else if (restarts++ === 0) {
          // One only, as many as this policy bears without time to catch up.
          cluster.crash(each.node);
          cluster.restart(each.node);
        }
      }
      network.heal();
      await pass(300);
      await cluster.stop();
    },
  );
});
