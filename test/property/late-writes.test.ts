import { fc, test } from "@fast-check/vitest";
import { ms } from "@phyxius/clock";
import { describe, expect } from "vitest";
import { createCluster } from "../unit/src/cluster.ts";

fc.configureGlobal({ seed: 20_251_122 });

/** What happens to one key, from one of three nodes, and how long after the step before, in milliseconds. */
const step = fc.record({
  act: fc.constantFrom("set" as const, "delete" as const, "touch" as const, "load" as const),
  node: fc.constantFrom("n1", "n2", "n3"),
  afterMs: fc.constantFrom(0, 10, 30, 200),
  loadMs: fc.constantFrom(0, 30, 300),
});

const isWrite = (act: string) => act === "set" || act === "delete";

describe("what is loaded or touched", () => {
  test.prop([fc.array(step, { minLength: 2, maxLength: 8 })], { numRuns: 60 })(
    "never replaces what was set or deleted after it had begun, on any node",
    async (steps) => {
      const cluster = createCluster(3, { latencyMs: 5 });
      const { clock } = cluster;
      const ends: { act: string; written: string | null; startedMs: number; decidedMs: number }[] = [];
      const running: Promise<unknown>[] = [];
      for (const [place, { act, node, afterMs, loadMs }] of steps.entries()) {
        await cluster.pass(afterMs);
        const cache = cluster.node(node);
        const startedMs = clock.now().monoMs;
        const written = act === "delete" ? null : `${act}${place}`;
        // A load may only replace what there was when its loader began; a set, what there was until its end.
        let decidedMs: number | null = null;
        async function load(): Promise<string> {
          decidedMs = clock.now().monoMs;
          if (loadMs > 0) await clock.sleep(ms(loadMs));
          return `load${place}`;
        }
        const work = {
          set: () => cache.set("k", written, 60_000),
          delete: () => cache.delete("k"),
          touch: () => cache.touch("k", 90_000),
          load: () => cache.getOrLoad("k", load),
        }[act];
        const note = () => ends.push({ act, written, startedMs, decidedMs: decidedMs ?? clock.now().monoMs });
        running.push(work().then(note));
      }
      await cluster.await(Promise.all(running));
      const final = (await cluster.await(cluster.node("n2").get("k"))) ?? null;
      await cluster.stop();
      if (final === null) return;
      const source = ends.find(({ written }) => written === final);
      expect(source).toBeDefined();
      for (const { act, startedMs } of ends) {
        if (isWrite(act)) expect(startedMs).toBeLessThanOrEqual(source?.decidedMs ?? -1);
      }
    },
  );
});
