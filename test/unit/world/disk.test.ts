import { describe, expect, test } from "vitest";
import { injure } from "../../support/injure.ts";
import { type WorldHarness, worldHarness } from "../../support/world-harness.ts";

const MACHINES = ["n1", "n2", "n3"];
const SEEDS = 200;

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const textOf = (read: Uint8Array): string => new TextDecoder().decode(read);

interface Told {
  readonly ms: number;
  readonly what: string;
  readonly end: string;
}

/** Asks a machine's disk for things, and notes when each of them is done, and how. */
function user(harness: WorldHarness, machine = "n1") {
  const told: Told[] = [];
  const { kernel } = harness;
  function note(what: string, promise: Promise<unknown>): void {
    promise.then(
      (value) =>
        told.push({
          ms: kernel.nowUs / 1000,
          what,
          end: value instanceof Uint8Array ? textOf(value) : "ok",
        }),
      (error: { code: string }) => told.push({ ms: kernel.nowUs / 1000, what, end: error.code }),
    );
  }
  const disk = () => harness.env(machine).disk;
  return {
    told,
    append: (text: string) => note("append", disk().append(bytes(text))),
    sync: () => note("sync", disk().sync()),
    replace: (...parts: string[]) => note("replace", disk().replace(parts.map(bytes))),
    read: () => note("read", disk().read(0, 1_000_000)),
  };
}

/** What a read at `ms` gives. */
async function contentAt(harness: WorldHarness, ms: number, machine = "n1"): Promise<string> {
  const reader = user(harness, machine);
  harness.at(ms, () => reader.read());
  await harness.kernel.run(10_000_000);
  return reader.told[0]?.end ?? "no answer";
}

describe("a disk", () => {
  test("appends at once, and syncs after its latency; those who come meanwhile share the next sync", async () => {
    const harness = worldHarness(MACHINES);
    const { told, append, sync } = user(harness);
    harness.at(10, () => {
      append("a");
      sync();
    });
    for (const ms of [10.2, 10.5, 10.9]) harness.at(ms, sync);
    harness.at(20, sync);
    await harness.kernel.run(1_000_000);
    expect(told).toEqual([
      { ms: 10, what: "append", end: "ok" },
      { ms: 11, what: "sync", end: "ok" },
      { ms: 12, what: "sync", end: "ok" },
      { ms: 12, what: "sync", end: "ok" },
      { ms: 12, what: "sync", end: "ok" },
      { ms: 21, what: "sync", end: "ok" },
    ]);
    expect(harness.world.diskStatistics).toMatchObject({ syncs: 3, bytesWritten: 1, failures: 0 });
  });

  test("gives back a copy of what it holds, from anywhere", async () => {
    const harness = worldHarness(MACHINES);
    const given = bytes("hello");
    const read: string[] = [];
    harness.at(1, () => {
      const { disk } = harness.env("n1");
      void disk.append(given);
      for (const [from, most] of [
        [0, 100],
        [1, 3],
        [5, 10],
        [50, 10],
      ] as const) {
        void disk.read(from, most).then((found) => read.push(textOf(found)));
      }
    });
    harness.at(2, () => given.fill(0));
    await harness.kernel.run(1_000_000);
    expect(read).toEqual(["hello", "ell", "", ""]);
    expect(await contentAt(harness, 2000)).toBe("hello");
  });

  test("carries out in order what it is asked for, around a replacement too", async () => {
    const harness = worldHarness(MACHINES);
    const { told, append, sync, replace, read } = user(harness);
    harness.at(1, () => {
      append("old");
      sync();
      replace("n", "e", "w");
      append("er");
      sync();
      read();
    });
    await harness.kernel.run(1_000_000);
    expect(told).toEqual([
      { ms: 1, what: "append", end: "ok" },
      { ms: 2, what: "sync", end: "ok" },
      { ms: 3, what: "replace", end: "ok" },
      { ms: 3, what: "append", end: "ok" },
      { ms: 4, what: "sync", end: "ok" },
      { ms: 5, what: "read", end: "newer" },
    ]);
  });

  test("completes each call in the cause of that call, though they share a sync", async () => {
    const harness = worldHarness(MACHINES);
    const causes: string[] = [];
    for (const ms of [1, 1.2, 1.4]) {
      harness.at(ms, () => {
        const { label } = harness.kernel.cause;
        void harness
          .env("n1")
          .disk.sync()
          .then(() => causes.push(`${label} = ${harness.kernel.cause.label}`));
      });
    }
    await harness.kernel.run(1_000_000);
    expect(causes).toEqual(["action 0 = action 0", "action 1 = action 1", "action 2 = action 2"]);
  });

  test("takes times of its model, the same for the same seed", async () => {
    const times = async (seed: number) => {
      const harness = worldHarness(MACHINES, {}, seed, { kind: "uniform", minMs: 1, maxMs: 9 });
      const { told, sync } = user(harness);
      for (let i = 0; i < 50; i++) harness.at(20 * i, sync);
      await harness.kernel.run(10_000_000);
      return told.map(({ ms }, i) => ms - 20 * i);
    };
    const first = await times(1);
    expect(Math.min(...first)).toBeGreaterThanOrEqual(1);
    expect(Math.max(...first)).toBeLessThan(9);
    expect(new Set(first).size).toBeGreaterThan(40);
    expect(await times(1)).toEqual(first);
    expect(await times(2)).not.toEqual(first);
  });
});

describe("a crash", () => {
  /** What is left of "safe" and "unsafe" bytes, seed by seed. */
  async function leftAfter(fault: Record<string, unknown>): Promise<Set<string>> {
    const left = new Set<string>();
    for (let seed = 1; seed <= SEEDS; seed++) {
      const harness = worldHarness(MACHINES, {}, seed);
      const { append, sync } = user(harness);
      harness.at(10, () => {
        append("SAFE");
        sync();
      });
      harness.at(20, () => append("unsafe"));
      injure(harness, "crash", { startMs: 30, endMs: 40, machine: "n1", ...fault });
      left.add(await contentAt(harness, 50));
    }
    return left;
  }

  test("takes some end of what was not synced, from none to all of it, and nothing else", async () => {
    expect([...(await leftAfter({ keepsDisk: true }))].sort()).toEqual(
      ["SAFE", "SAFEu", "SAFEun", "SAFEuns", "SAFEunsa", "SAFEunsaf", "SAFEunsafe"].sort(),
    );
  });

  test("takes everything when the disk is not kept", async () => {
    expect([...(await leftAfter({}))]).toEqual([""]);
  });

  test.each([
    { kind: "crash-at", own: { machine: "n1", afterEvents: 1 } },
    { kind: "crash-loop", own: { machine: "n1", downMs: 3, upMs: 2 } },
    { kind: "rolling-restart", own: { machines: MACHINES, downMs: 2 } },
  ])("keeps or takes it in $kind as well, as the plan says", async ({ kind, own }) => {
    for (const keepsDisk of [true, undefined]) {
      const harness = worldHarness(MACHINES);
      const { append, sync } = user(harness);
      harness.at(10, () => {
        append("SAFE");
        sync();
      });
      injure(harness, kind, { startMs: 20, endMs: 40, keepsDisk, ...own });
      harness.at(21, () => harness.send("n2", "n1", "an event"));
      expect(await contentAt(harness, 50)).toBe(keepsDisk === true ? "SAFE" : "");
      expect(harness.bootsOf("n1").length).toBeGreaterThan(1);
    }
  });

  test("that keeps the disk keeps its number; another disk has another", async () => {
    const harness = worldHarness(MACHINES);
    injure(harness, "crash", { startMs: 10, endMs: 20, machine: "n1", keepsDisk: true });
    injure(harness, "crash", { startMs: 30, endMs: 40, machine: "n1" });
    const numbers: number[] = [];
    for (const ms of [5, 25, 45]) harness.at(ms, () => numbers.push(harness.env("n1").disk.number));
    await harness.kernel.run(1_000_000);
    expect(numbers).toEqual([1, 1, 2]);
  });

  test("in the middle of a sync leaves the callers without an answer, and what they appended unsafe", async () => {
    const left = new Set<string>();
    for (let seed = 1; seed <= 50; seed++) {
      const harness = worldHarness(MACHINES, {}, seed);
      const { told, append, sync } = user(harness);
      harness.at(10, () => {
        append("ab");
        sync();
      });
      injure(harness, "crash", { startMs: 10.5, endMs: 20, machine: "n1", keepsDisk: true });
      left.add(await contentAt(harness, 30));
      expect(told.filter(({ what }) => what === "sync")).toEqual([]);
    }
    expect([...left].sort()).toEqual(["", "a", "ab"]);
  });

  test("in the middle of a replacement leaves the old file or the new one, whole", async () => {
    const left = new Set<string>();
    for (let seed = 1; seed <= 50; seed++) {
      const harness = worldHarness(MACHINES, {}, seed);
      const { append, sync, replace } = user(harness);
      harness.at(10, () => {
        append("old");
        sync();
      });
      harness.at(20, () => {
        replace("new");
        append("er");
      });
      injure(harness, "crash", { startMs: 20.5, endMs: 30, machine: "n1", keepsDisk: true });
      left.add(await contentAt(harness, 40));
    }
    expect([...left].sort()).toEqual(["new", "old"]);
  });

  test("makes the disk deaf to that life; what it still asks for is counted", async () => {
    const harness = worldHarness(MACHINES);
    injure(harness, "crash", { startMs: 10, endMs: 20, machine: "n1", keepsDisk: true });
    let answers = 0;
    harness.at(5, () => {
      const dead = harness.env("n1").disk;
      harness.at(30, () => {
        for (const asked of [dead.append(bytes("x")), dead.sync(), dead.read(0, 1), dead.replace([])]) {
          void asked.then(() => answers++);
        }
      });
    });
    expect(await contentAt(harness, 40)).toBe("");
    expect(answers).toBe(0);
    expect(harness.world.machine("n1").ghostCount).toBe(4);
  });
});

describe("a loss of power", () => {
  test("stops all machines at one instant and starts them together, with their disks", async () => {
    const harness = worldHarness(MACHINES);
    for (const machine of MACHINES) {
      const { append, sync } = user(harness, machine);
      harness.at(10, () => {
        append(machine);
        sync();
      });
    }
    injure(harness, "power-loss", { startMs: 20, endMs: 30 });
    const up: string[][] = [];
    for (const ms of [19, 21, 29, 31]) {
      harness.at(ms, () => up.push(MACHINES.filter((machine) => harness.world.machine(machine).isUp)));
    }
    const readers = MACHINES.map((machine) => {
      const reader = user(harness, machine);
      harness.at(40, () => reader.read());
      return reader;
    });
    await harness.kernel.run(1_000_000);
    expect(up).toEqual([MACHINES, [], [], MACHINES]);
    expect(readers.map(({ told }) => told[0]?.end)).toEqual(MACHINES);
    expect(harness.lives.map(({ incarnation }) => incarnation)).toEqual([1, 1, 1, 2, 2, 2]);
  });
});

describe("a torn write", () => {
  test("stops the machine within its next sync, leaves a part of what was appended, and restarts it at the end", async () => {
    const left = new Set<string>();
    for (let seed = 1; seed <= SEEDS; seed++) {
      const harness = worldHarness(MACHINES, {}, seed);
      const { append, sync, told } = user(harness);
      harness.at(5, () => {
        append("SAFE");
        sync();
      });
      injure(harness, "torn-write", { startMs: 10, endMs: 40, machine: "n1" });
      let isUpBefore = false;
      harness.at(19.9, () => (isUpBefore = harness.world.machine("n1").isUp));
      harness.at(20, () => {
        append("torn");
        sync();
      });
      let isUpAfter = true;
      harness.at(21, () => (isUpAfter = harness.world.machine("n1").isUp));
      left.add(await contentAt(harness, 50));
      expect([isUpBefore, isUpAfter]).toEqual([true, false]);
      expect(told.filter(({ what }) => what === "sync")).toHaveLength(1);
    }
    expect([...left].sort()).toEqual(["SAFE", "SAFEt", "SAFEto", "SAFEtor", "SAFEtorn"]);
  });

  test("does nothing to a machine that writes nothing meanwhile, nor afterwards", async () => {
    const harness = worldHarness(MACHINES);
    const { append, sync, told } = user(harness);
    injure(harness, "torn-write", { startMs: 10, endMs: 20, machine: "n1" });
    harness.at(25, () => {
      append("x");
      sync();
    });
    await harness.kernel.run(1_000_000);
    expect(told.at(-1)).toEqual({ ms: 26, what: "sync", end: "ok" });
    expect(harness.env("n1").incarnation).toBe(1);
  });
});

describe("bit rot", () => {
  test("stops the machine, and one bit of what was safe has flipped when it is back", async () => {
    const before = bytes("safely stored");
    const flipped = new Set<number>();
    for (let seed = 1; seed <= SEEDS; seed++) {
      const harness = worldHarness(MACHINES, {}, seed);
      const { append, sync } = user(harness);
      harness.at(10, () => {
        append("safely stored");
        sync();
      });
      injure(harness, "bit-rot", { startMs: 20, endMs: 30, machine: "n1" });
      let after: Uint8Array = new Uint8Array(0);
      harness.at(40, () => {
        void harness
          .env("n1")
          .disk.read(0, 100)
          .then((read) => (after = read));
      });
      await harness.kernel.run(1_000_000);
      expect(after).toHaveLength(before.length);
      const changed = [...after].flatMap((byte, at) => {
        const bits = byte ^ (before[at] as number);
        return bits === 0 ? [] : [at * 8 + Math.log2(bits)];
      });
      expect(changed).toHaveLength(1);
      expect(Number.isInteger(changed[0])).toBe(true);
      flipped.add(changed[0] as number);
      expect(harness.world.diskStatistics.bitsFlipped).toBe(1);
    }
    // Of 104 bits, 200 seeds hit about 85 %.
    expect(flipped.size).toBeGreaterThan(70);
  });

  test("has nothing to flip on an empty disk", async () => {
    const harness = worldHarness(MACHINES);
    injure(harness, "bit-rot", { startMs: 20, endMs: 30, machine: "n1" });
    expect(await contentAt(harness, 40)).toBe("");
    expect(harness.world.diskStatistics.bitsFlipped).toBe(0);
  });
});

describe("a full disk", () => {
  test("takes nothing, keeps what it has, and syncs; then it takes everything again", async () => {
    const harness = worldHarness(MACHINES);
    const { told, append, sync, replace } = user(harness);
    harness.at(5, () => append("old"));
    injure(harness, "full-disk", { startMs: 10, endMs: 30, machine: "n1" });
    harness.at(20, () => {
      append("er");
      sync();
      replace("new");
    });
    harness.at(40, () => append(" and new"));
    expect(await contentAt(harness, 50)).toBe("old and new");
    expect(told.map(({ what, end }) => `${what} ${end}`)).toEqual([
      "append ok",
      "append disk-full",
      "sync ok",
      "replace disk-full",
      "append ok",
    ]);
    expect(harness.world.diskStatistics).toMatchObject({ refused: 2, failures: 0 });
  });

  test("is that of one machine", async () => {
    const harness = worldHarness(MACHINES);
    injure(harness, "full-disk", { startMs: 0, endMs: 30, machine: "n1" });
    const { append } = user(harness, "n2");
    harness.at(10, () => append("x"));
    expect(await contentAt(harness, 20, "n2")).toBe("x");
  });
});

describe("a slow disk", () => {
  test("takes its factor longer, and what is under way at the end goes on at full speed", async () => {
    const harness = worldHarness(MACHINES, {}, 1, { kind: "constant", ms: 2 });
    injure(harness, "slow-disk", { startMs: 0, endMs: 100, machine: "n1", factor: 20 });
    const { told, sync } = user(harness);
    harness.at(10, sync);
    // 40 ms, of which 10 are over at the end; the other 30 take 1.5.
    harness.at(90, sync);
    // Waits for that one, and takes 2 ms then.
    harness.at(95, sync);
    harness.at(110, sync);
    await harness.kernel.run(1_000_000);
    expect(told.map(({ ms }) => ms)).toEqual([50, 101.5, 103.5, 112]);
  });

  test("is as slow as the slowest of two such faults", async () => {
    const harness = worldHarness(MACHINES);
    injure(harness, "slow-disk", { startMs: 0, endMs: 1000, machine: "n1", factor: 10 });
    injure(harness, "slow-disk", { startMs: 100, endMs: 200, machine: "n1", factor: 50 });
    const { told, sync } = user(harness);
    for (const ms of [50, 120, 300]) harness.at(ms, sync);
    await harness.kernel.run(2_000_000);
    expect(told.map(({ ms }) => ms)).toEqual([60, 170, 310]);
  });
});

describe("a sync that fails", () => {
  test("makes nothing safe that was appended since the last good one, whatever later syncs say", async () => {
    const left = new Set<string>();
    for (let seed = 1; seed <= 100; seed++) {
      const harness = worldHarness(MACHINES, {}, seed);
      const { told, append, sync } = user(harness);
      harness.at(5, () => {
        append("SAFE");
        sync();
      });
      injure(harness, "sync-failure", { startMs: 10, endMs: 30, machine: "n1", share: 1 });
      harness.at(20, () => {
        append("lost");
        sync();
      });
      harness.at(40, () => {
        append("too");
        sync();
      });
      injure(harness, "crash", { startMs: 50, endMs: 60, machine: "n1", keepsDisk: true });
      left.add(await contentAt(harness, 70));
      expect(told.filter(({ what }) => what === "sync").map(({ end }) => end)).toEqual([
        "ok",
        "disk-failed",
        "ok",
      ]);
    }
    expect(left).toContain("SAFE");
    expect(left).toContain("SAFElo");
    expect(left).toContain("SAFElosttoo");
  });

  test("is made up for by a replacement, unless that fails as well", async () => {
    for (let seed = 1; seed <= 30; seed++) {
      const harness = worldHarness(MACHINES, {}, seed);
      const { told, append, sync, replace } = user(harness);
      injure(harness, "sync-failure", { startMs: 10, endMs: 30, machine: "n1", share: 1 });
      harness.at(20, () => {
        append("lost");
        sync();
        replace("never");
      });
      harness.at(40, () => {
        replace("fresh");
        append("er");
        sync();
      });
      injure(harness, "crash", { startMs: 50, endMs: 60, machine: "n1", keepsDisk: true });
      expect(await contentAt(harness, 70)).toBe("fresher");
      expect(told.map(({ what, end }) => `${what} ${end}`)).toEqual([
        "append ok",
        "sync disk-failed",
        "replace disk-failed",
        "replace ok",
        "append ok",
        "sync ok",
      ]);
    }
  });

  test("fails with its probability", async () => {
    const harness = worldHarness(MACHINES);
    injure(harness, "sync-failure", { startMs: 0, endMs: 5000, machine: "n1", share: 0.2 });
    const { sync } = user(harness);
    for (let i = 0; i < 2000; i++) harness.at(2 * i, sync);
    await harness.kernel.run(6_000_000);
    // 2,000 trials at p = 0.2 have a standard deviation of 18: five of them on either side.
    expect(Math.abs(harness.world.diskStatistics.failures - 400)).toBeLessThan(90);
  });
});

describe("a machine that is paused", () => {
  test("hears of its disk when it goes on, though the disk did not wait", async () => {
    for (let seed = 1; seed <= 20; seed++) {
      const harness = worldHarness(MACHINES, {}, seed);
      const { told, append, sync } = user(harness);
      harness.at(10, () => {
        append("safe");
        sync();
      });
      injure(harness, "pause", { startMs: 10.5, endMs: 20, machine: "n1" });
      await harness.kernel.run(30_000);
      expect(told).toEqual([
        { ms: 10, what: "append", end: "ok" },
        { ms: 20, what: "sync", end: "ok" },
      ]);
    }
  });

  test("and then dies never hears of it, and has it on its disk all the same", async () => {
    for (let seed = 1; seed <= 20; seed++) {
      const harness = worldHarness(MACHINES, {}, seed);
      const { told, append, sync } = user(harness);
      harness.at(10, () => {
        append("safe");
        sync();
      });
      injure(harness, "pause", { startMs: 10.5, endMs: 20, machine: "n1" });
      injure(harness, "crash", { startMs: 15, endMs: 25, machine: "n1", keepsDisk: true });
      expect(await contentAt(harness, 30)).toBe("safe");
      expect(told).toEqual([{ ms: 10, what: "append", end: "ok" }]);
    }
  });
});
