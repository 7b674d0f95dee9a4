import { expect, test } from "vitest";
import { createExpiryMeter } from "../../../sim/run/expiry-meter.ts";
import type { Operation } from "../../../sim/run/history.ts";
import type { MachineEnv } from "../../../sim/world/machine.ts";
import { cachePlan } from "../../support/cache-plan.ts";
import { history } from "../check/history-builder.ts";

/** Two machines, and messages that arrive when the test says so. */
function meterOf(clockDriftPpm = 0) {
  const kernel = { nowUs: 0 };
  const meter = createExpiryMeter(kernel, { ...cachePlan(), clockDriftPpm });
  const boxes = new Map<string, (from: string, frame: Uint8Array) => void>();
  let frame = new Uint8Array(0);

  function boot(id: string, incarnation = 1): MachineEnv {
    const network: MachineEnv["network"] = {
      self: id,
      peers: [],
      send: (_to, sent) => (frame = sent as Uint8Array<ArrayBuffer>),
      onFrame: (receive) => boxes.set(id, receive),
      onReset: () => {},
    };
    const watched = meter.watch({ id, incarnation, network } as MachineEnv);
    watched.network.onFrame(() => {});
    return watched;
  }

  function send(env: MachineEnv, to: string, atUs: number): (arrivesUs: number) => void {
    kernel.nowUs = atUs;
    env.network.send(to, new Uint8Array(1));
    const sent = frame;
    return (arrivesUs) => {
      kernel.nowUs = arrivesUs;
      boxes.get(to)?.(env.id, sent);
    };
  }

  const allowanceUs = (operations: readonly Operation[] = [], crashCount = 0): number =>
    meter.allowanceUs(operations, crashCount);
  return { boot, send, allowanceUs };
}

test("a move costs what the best message from the receiver took, and three owners make seven of them", () => {
  const { boot, send, allowanceUs } = meterOf();
  const [a, b] = [boot("a"), boot("b")];
  const nothingUs = allowanceUs();
  expect(nothingUs).toBeLessThan(1000);
  // Of b nothing is known at a: such a message bears no deadline.
  send(a, "b", 100);
  expect(allowanceUs()).toBe(nothingUs);
  send(b, "a", 1000)(9000);
  send(b, "a", 10_000)(12_000);
  send(b, "a", 13_000)(19_000);
  send(a, "b", 20_000);
  expect(allowanceUs()).toBe(nothingUs + 7 * 2000);
  expect(allowanceUs([], 1)).toBe(allowanceUs() + 2 * 2050);
  const touched = history(
    "c1 touch 20..30 ttl=100",
    "c1 touch 40..50 ttl=100",
    "c1 touch 60..70 key=k2 ttl=100",
  );
  expect(allowanceUs(touched)).toBe(allowanceUs([], 2));
});

test("another life is another clock, and what was known of it before is not worth anything", () => {
  const { boot, send, allowanceUs } = meterOf();
  const a = boot("a");
  const nothingUs = allowanceUs();
  const late = send(boot("b"), "a", 0);
  send(boot("b", 2), "a", 5000)(8000);
  late(9000);
  send(a, "b", 9000);
  expect(allowanceUs()).toBe(nothingUs + 7 * 3000);
});

test("where rates may be wrong, what is known grows old", () => {
  const { boot, send, allowanceUs } = meterOf(1000);
  const [a, b] = [boot("a"), boot("b")];
  const nothingUs = allowanceUs();
  send(b, "a", 0)(1000);
  send(a, "b", 1000);
  const freshUs = allowanceUs();
  expect(freshUs).toBe(nothingUs + 7 * 1000);
  send(a, "b", 1_001_000);
  // 4 times a thousandth of a second.
  expect(allowanceUs() - freshUs).toBeGreaterThan(7 * 3980);
  expect(allowanceUs() - freshUs).toBeLessThan(7 * 4000);
});
