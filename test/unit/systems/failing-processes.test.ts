import { describe, expect, test } from "vitest";
import type { Fault } from "../../../sim/world/faults/index.ts";
import type { Replay } from "../../../sim/trace/replay.ts";
import { cachePlan, replayCache } from "../../support/cache-plan.ts";

const PHASES = { healMs: 30_000, settleMs: 35_000, endMs: 40_000 };

function kill(process: string, ...timesMs: number[]): Fault[] {
  return timesMs.map((startMs) => ({
    kind: "kill-process",
    startMs,
    endMs: startMs,
    machine: "n1",
    process,
  }));
}

/** When n1's journal has entries of a type, in milliseconds. */
function entries({ events }: Replay, type: string): number[] {
  return events
    .filter(({ kind, machine, data }) => kind === "journal" && machine === "n1" && typeOf(data) === type)
    .map(({ timeUs }) => timeUs / 1000);
}

function typeOf(data: unknown): unknown {
  return (data as { readonly type: unknown }).type;
}

/** When n1 pings n2, in milliseconds. */
function pings({ events }: Replay): number[] {
  return events
    .filter(({ kind, machine, data }) => {
      const { to, message } = data as { to?: string; message?: { type?: string } };
      return kind === "net.send" && machine === "n1" && to === "n2" && message?.type === "ping";
    })
    .map(({ timeUs }) => timeUs / 1000);
}

describe("a background process that fails", () => {
  test("is started again with growing waits, and goes on with its work", async () => {
    const calm = await replayCache(cachePlan({ phases: PHASES }));
    const replay = await replayCache(
      cachePlan({ phases: PHASES, faults: kill("health", 5000, 9000, 15_000) }),
    );
    expect(entries(replay, "cache.background.failure")).toEqual([5000, 9000, 15_000]);
    expect(entries(replay, "cache.background.restarted")).toEqual([6000, 11_000, 19_000]);

    // Every two seconds, from some moment within the first two of each life on.
    const firstMs = pings(calm)[0] as number;
    expect(firstMs).toBeLessThanOrEqual(2000);
    const within = (fromMs: number, toMs: number, bornMs: number) => {
      const times: number[] = [];
      for (let at = bornMs + firstMs; at < toMs; at += 2000) if (at >= fromMs) times.push(at);
      return times;
    };
    expect(pings(replay)).toEqual([
      ...within(0, 5000, 0),
      ...within(6000, 9000, 6000),
      ...within(11_000, 15_000, 11_000),
      ...within(19_000, 40_000.001, 19_000),
    ]);
    expect(replay.outcome.violations).toEqual([]);
  });

  test.each(["expiry", "statistics", "repair"])("may be any: %s", async (process) => {
    const { events } = await replayCache(cachePlan({ phases: PHASES, faults: kill(process, 5000) }));
    const ofBackground = events.filter(({ data }) => String(typeOf(data)).startsWith("cache.background."));
    expect(ofBackground.map(({ timeUs, data }) => [timeUs / 1000, data])).toMatchObject([
      [
        5000,
        { type: "cache.background.failure", process, error: `the process "${process}" was made to fail` },
      ],
      [6000, { type: "cache.background.restarted", process }],
    ]);
  });

  test("is chosen by the run when it may be any, and a plan can choose it", async () => {
    const chosen = async (quantile: number) => {
      const choices = { "kill/n1 fault/kill-process/n1@5000/start 0": quantile };
      const plan = cachePlan({ phases: PHASES, faults: kill("any", 5000), choices });
      const { events } = await replayCache(plan);
      return events.find(({ kind }) => kind === "process.kill")?.data;
    };
    expect(await chosen(0)).toEqual({ process: "expiry" });
    expect(await chosen(0.99)).toEqual({ process: "repair" });
  });

  test("while it waits for its restart, fails again as soon as it is back", async () => {
    const replay = await replayCache(cachePlan({ phases: PHASES, faults: kill("health", 5000, 5500) }));
    expect(entries(replay, "cache.background.failure")).toEqual([5000, 6000]);
    expect(entries(replay, "cache.background.restarted")).toEqual([6000, 8000]);
  });

  test("of no known name is an error that says which there are", async () => {
    await expect(replayCache(cachePlan({ faults: kill("reapir", 100) }))).rejects.toThrow(
      'n1 runs no process "reapir" that could fail; it runs expiry, health, statistics, repair',
    );
  });

  test("does not exist in a policy without any", async () => {
    const { events } = await replayCache(cachePlan({ policy: "seed", faults: kill("repair", 100) }));
    expect(events.filter(({ kind }) => kind === "process.kill")).toEqual([]);
  });
});
