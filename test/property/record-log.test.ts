import { fc, test } from "@fast-check/vitest";
import { createControlledClock } from "@phyxius/clock";
import { describe, expect } from "vitest";
import { createLogFormat, type Life } from "../../src/durable/log-format.ts";
import { readLog } from "../../src/durable/read-log.ts";
import { type RecordLog, startRecordLog, type WriteEnd } from "../../src/durable/record-log.ts";
import { type CacheRecord, DiskError } from "../../src/index.ts";
import { ModelDisk } from "../support/model-disk.ts";

fc.configureGlobal({ seed: 20_251_122 });

const format = createLogFormat();

type Step =
  | { readonly act: "write"; readonly keys: readonly number[] }
  | { readonly act: "learn"; readonly isAsked: boolean }
  | { readonly act: "work"; readonly count: number }
  | { readonly act: "fail"; readonly count: number }
  | { readonly act: "fill" | "clear" | "wait" }
  /** And the next life begins, on what is left when this share of what was not synced is gone. */
  | { readonly act: "crash"; readonly share: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      act: fc.constant("write" as const),
      keys: fc.array(fc.nat(3), { minLength: 1, maxLength: 3 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ act: fc.constant("learn" as const), isAsked: fc.boolean() }) },
  {
    weight: 6,
    arbitrary: fc.record({ act: fc.constant("work" as const), count: fc.integer({ min: 1, max: 5 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ act: fc.constant("fail" as const), count: fc.integer({ min: 1, max: 3 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ act: fc.constantFrom("fill" as const, "clear" as const, "wait" as const) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      act: fc.constant("crash" as const),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
  },
);

const write: Step = { act: "write", keys: [0] };
const work = (count: number): Step => ({ act: "work", count });

/** Found by search: a rewrite while an older life is on its way, which must not come after the newer one. */
const OLD_LIFE_UNDER_WAY: Step[] = [
  [write, write, work(1), work(1), work(1), work(1), write, write],
  [{ act: "learn", isAsked: true } as const, { act: "learn", isAsked: false } as const],
  [write, work(2), work(2), write, work(2), work(3)],
  [{ act: "fill" } as const, write, work(1)],
].flat();

/** A node that keeps the contract of the log: what it is told to be kept, it holds from then on. */
class Node {
  readonly log: RecordLog;
  readonly held: Map<string, CacheRecord>;
  known: Life["known"];
  /** Of each key, the newest that was told to be kept: what no crash may take. */
  readonly kept: Map<string, CacheRecord>;
  keptKnown: Life["known"];
  failures = 0;

  constructor(log: RecordLog, life: Life, records: ReadonlyMap<string, CacheRecord>) {
    this.log = log;
    this.held = new Map(records);
    this.kept = new Map(records);
    this.known = life.known;
    this.keptKnown = life.known;
    log.follow({
      life: () => ({ ...life, known: this.known }),
      live: () => [...this.held.values()],
      onFailure: () => this.failures++,
      onRewritten() {},
    });
  }

  write(records: readonly CacheRecord[], told: (end: WriteEnd) => void): void {
    this.log.write(records, (end) => {
      if (end === "kept") {
        for (const record of records) {
          this.held.set(record.key, record);
          this.kept.set(record.key, record);
        }
      }
      told(end);
    });
  }

  learn(incarnation: number): void {
    this.known = [{ node: "n2", incarnation }];
  }

  keepLife(): void {
    const { known } = this;
    this.log.keepLife((end) => {
      if (end === "kept") this.keptKnown = known;
    });
  }
}

describe("a log", () => {
  test.prop(
    [fc.array(step, { minLength: 20, maxLength: 80, size: "max" }), fc.integer({ min: 0, max: 300 })],
    { numRuns: 600, examples: [[OLD_LIFE_UNDER_WAY, 50]] },
  )(
    "holds, after any crash, everything that was kept, nothing that was not written, and goes on",
    async (steps, slackBytes) => {
      const clock = createControlledClock(0);
      let disk = new ModelDisk();
      let counter = 0;
      let incarnation = 0;
      const written = new Map<number, CacheRecord>();
      let calledBack = 0;
      let asked = 0;

      /** As a machine boots: reads, and writes the log anew. Null when the disk does not let it. */
      async function boot(): Promise<Node | null> {
        const found = await readLog(disk, format);
        incarnation++;
        const life = {
          node: "n1",
          incarnation,
          isWhole: true,
          known: found.life?.known ?? [],
          membership: null,
          forgotten: 0,
        };
        try {
          const log = await startRecordLog(
            { disk, clock, format, retryMs: 100, retryMsMax: 400, random: () => 0.5, slackBytes },
            life,
            found.records,
          );
          return new Node(log, life, found.records);
        } catch (error) {
          expect(error).toBeInstanceOf(DiskError);
          return null;
        }
      }

      let node = await boot();
      disk.isPrompt = false;
      for (const each of steps) {
        switch (each.act) {
          case "write": {
            const records = each.keys.map((key): CacheRecord => {
              const version = { counter: ++counter, node: "n1", incarnation };
              return { key: `k${key}`, version, value: `"${counter}"`, expireAtMs: 1e9, operation: counter };
            });
            for (const record of records) written.set(record.operation, record);
            if (node !== null) asked++;
            node?.write(records, () => calledBack++);
            break;
          }
          case "learn":
            node?.learn(++counter);
            if (each.isAsked) node?.keepLife();
            break;
          case "work":
            disk.work(each.count);
            break;
          case "fail":
            disk.failuresLeft = each.count;
            break;
          case "fill":
            disk.isFull = true;
            break;
          case "clear":
            disk.isFull = false;
            break;
          case "wait":
            clock.advanceBy(100);
            break;
          case "crash": {
            node?.log.close();
            const before = node;
            disk = disk.afterCrash(each.share);
            const found = await readLog(disk, format);
            if (before !== null) {
              expect(found.status).toBe("whole");
              for (const [key, record] of before.kept) {
                expect(found.records.get(key)?.operation).toBeGreaterThanOrEqual(record.operation);
              }
              const learnt = found.life?.known[0]?.incarnation ?? 0;
              expect(learnt).toBeGreaterThanOrEqual(before.keptKnown[0]?.incarnation ?? 0);
            }
            for (const record of found.records.values())
              expect(record).toEqual(written.get(record.operation));
            node = await boot();
            disk.isPrompt = false;
            asked = 0;
            calledBack = 0;
            break;
          }
        }
        await clock.flush();
      }

      // When the disk is well again, everybody who waited is told, and the log takes what it is given.
      disk.isFull = false;
      disk.failuresLeft = 0;
      node?.keepLife();
      for (let turn = 0; turn < 10; turn++) {
        disk.work();
        clock.advanceBy(100);
        await clock.flush();
      }
      expect(calledBack).toBe(asked);
      let end: WriteEnd | null = null;
      const last = {
        key: "last",
        version: { counter: 1, node: "n1", incarnation },
        value: "1",
        expireAtMs: 1,
        operation: 0,
      };
      node?.write([last], (told) => (end = told));
      disk.work();
      await clock.flush();
      if (node !== null) {
        expect(end).toBe("kept");
        expect((await readLog(disk.afterCrash(1), format)).life?.known).toEqual(node.known);
      }
      expect(clock.getPendingTimerCount()).toBe(0);
    },
  );
});
