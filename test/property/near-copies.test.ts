import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { createPlacement, policyNamed } from "../../src/index.ts";
import { createCluster } from "../unit/src/cluster.ts";

fc.configureGlobal({ seed: 20_251_122 });

const STALE_MS_MAX = 100;
const TTL_MS = 2000;
const names = ["n1", "n2", "n3", "n4", "n5"];
const owners = createPlacement({ nodes: names, replication: 3 }).ownersOf("k");
/** Neither owns the key. */
const [holder = "", writer = ""] = names.filter((name) => !owners.includes(name));

const owner = fc.constantFrom(...owners);
const end = fc.constantFrom(holder, writer);
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ act: fc.constant("set" as const) }) },
  {
    weight: 3,
    arbitrary: fc.record({ act: fc.constant("get" as const), node: fc.constantFrom(holder, ...owners) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ act: fc.constant("pass" as const), ms: fc.constantFrom(20, 60, 300) }),
  },
  { weight: 5, arbitrary: fc.record({ act: fc.constant("cut" as const), end, owner }) },
  { weight: 2, arbitrary: fc.record({ act: fc.constant("isolate" as const) }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant("heal" as const) }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant("restart" as const), owner }) },
);

interface Write {
  readonly startedMs: number;
  endedMs: number;
  /** False: it may or may not have happened. */
  isAcknowledged: boolean;
}

/** With async-primary the restart of a first owner loses writes, and then nothing has replaced what they had. */
const WAYS = [
  { name: "abd", restartsMax: 1, numRuns: 40 },
  { name: "quorum", restartsMax: 1, numRuns: 30 },
  { name: "async-primary", restartsMax: 0, numRuns: 30 },
];

describe.each(WAYS)("what near copies say, with $name", ({ name: policyName, restartsMax, numRuns }) => {
  test.prop([fc.array(step, { minLength: 8, maxLength: 20 })], { numRuns })(
    "was replaced no longer ago than the bound, and has not expired, whatever is cut off or restarts",
    async (steps) => {
      const cluster = createCluster(5, {
        replication: 3,
        latencyMs: 5,
        policy: policyNamed(policyName),
        timing: { deadlineMs: 200 },
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
          const running = [cluster.node(writer).set("k", place, TTL_MS)].map((ended) =>
            ended
              .then(
                () => void (write.isAcknowledged = true),
                () => {},
              )
              .finally(() => {
                write.endedMs = clock.now().monoMs;
                running.length = 0;
              }),
          );
          await clock.flush();
          while (running.length > 0) await pass(10);
        } else if (each.act === "get") {
          void cluster.node(each.node).lookup("k");
          await pass(40);
        } else if (each.act === "pass") await pass(each.ms);
        else if (each.act === "heal") network.heal();
        else if (each.act === "isolate") network.cut([holder], owners);
        else if (each.act === "cut") network.cut([each.end], [each.owner]);
        else if (restarts++ < restartsMax) {
          // One only, as many as these policies bear without time to catch up.
          cluster.crash(each.owner);
          cluster.restart(each.owner);
        }
      }
      network.heal();
      await pass(300);
      await cluster.stop();
    },
  );
});
