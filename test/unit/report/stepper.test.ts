import { beforeAll, describe, expect, test } from "vitest";
import { plainPage } from "../../../sim/report/page.ts";
import { createStepper, type Stepper } from "../../../sim/report/stepper.ts";
import { eventKeys } from "../../../sim/trace/event-keys.ts";
import type { Replay } from "../../../sim/trace/replay.ts";
import { replayCache } from "../../support/cache-plan.ts";
import { splitPlan } from "../../support/failing-page.ts";

let replayed: Replay;
beforeAll(async () => {
  replayed = await replayCache(splitPlan());
});

function pressed(keys: string, from: Stepper = createStepper(replayed)): Stepper {
  return keys.split("").reduce((stepper, key) => {
    const next = stepper.press(key);
    if (next === null) throw new Error(`${key} ended the walk`);
    return next;
  }, from);
}

describe("walking through a run", () => {
  test("goes on and back, and not beyond the ends", () => {
    expect(pressed("nnnp").event).toBe(2);
    expect(pressed("p").event).toBe(0);
    expect(pressed("G").event).toBe(replayed.events.length - 1);
    expect(pressed("Gn").screen(plainPage, 40)[1]).toContain("no next event after this one");
    expect(pressed("Gg").event).toBe(0);
  });

  test("goes on on this machine and on this key", () => {
    const keys = eventKeys(replayed.events);
    const start = pressed("v");
    const { machine } = replayed.events[start.event] ?? {};
    const back = pressed("M", start);
    expect(replayed.events[back.event]?.machine).toBe(machine);
    expect(pressed("m", back).event).toBe(start.event);
    const other = pressed("K", start);
    expect(keys[other.event]).toBe("k");
    expect(keys.slice(other.event + 1, start.event)).not.toContain("k");
    expect(pressed("k", other).event).toBe(start.event);
  });

  test("jumps to the violation and to what caused an event", () => {
    const violation = pressed("v");
    expect(replayed.events[violation.event]).toMatchObject({ kind: "client.return" });
    expect(pressed("c", violation).event).toBe(replayed.events[violation.event]?.cause);
    expect(pressed("c").screen(plainPage, 40)[1]).toContain("nothing caused this event");
  });

  test("shows help, refuses other keys, and ends", () => {
    expect(pressed("?").screen(plainPage, 40).join("\n")).toMatch(/next event on this machine/);
    expect(pressed("x").screen(plainPage, 40)[1]).toContain("? shows them");
    expect(createStepper(replayed).press("q")).toBeNull();
    expect(createStepper(replayed).press("escape")).toBeNull();
  });

  test.each([1, 8, 25, 40, 63, 64, 80, 120])("fits a terminal of %i columns, however low", (width) => {
    for (const keys of ["", "v", "vp", "?", "vs"]) {
      for (const height of [1, 3, 12]) {
        const lines = pressed(keys).screen({ ...plainPage, width }, height);
        expect(lines.length).toBeLessThanOrEqual(height);
        for (const line of lines) expect(line.length).toBeLessThanOrEqual(width);
      }
    }
  });

  test("shows what an event changed in its machine", () => {
    const changing = replayed.events.findIndex(({ index, machine, kind }) => {
      if (machine === null || kind !== "net.deliver") return false;
      return replayed.states.after(machine, index) !== replayed.states.after(machine, index - 1);
    });
    const screen = pressed("n".repeat(changing)).screen(plainPage, 200).join("\n");
    expect(screen).toContain("it changed");
    expect(screen).toMatch(/ -> /);
  });
});
