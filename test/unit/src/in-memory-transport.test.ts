import { createControlledClock } from "@phyxius/clock";
import { describe, expect, test } from "vitest";
import { createInMemoryNetwork } from "../../../src/transport/in-memory-transport.ts";
import type { Transport } from "../../../src/transport/transport.ts";

function listen(transport: Transport) {
  const frames: string[] = [];
  const resets: string[] = [];
  transport.onFrame((from, frame) => frames.push(`${from}:${frame.join()}`));
  transport.onReset((peer) => resets.push(peer));
  return { frames, resets };
}

const bytes = (...values: number[]) => new Uint8Array(values);

describe("the in-memory network", () => {
  test("delivers in order, after the sender's turn", async () => {
    const clock = createControlledClock(0);
    const network = createInMemoryNetwork({ nodes: ["a", "b", "c"] });
    const a = network.join("a");
    const { frames } = listen(network.join("b"));
    expect(a.self).toBe("a");
    expect(a.peers).toEqual(["b", "c"]);
    a.send("b", bytes(1));
    a.send("b", bytes(2));
    expect(frames).toEqual([]);
    await clock.flush();
    expect(frames).toEqual(["a:1", "a:2"]);
  });

  test("with a clock, frames take their time", async () => {
    const clock = createControlledClock(0);
    const network = createInMemoryNetwork({ nodes: ["a", "b"], clock, latencyMs: 5 });
    const a = network.join("a");
    const { frames } = listen(network.join("b"));
    a.send("b", bytes(1));
    clock.advanceBy(4);
    await clock.flush();
    expect(frames).toEqual([]);
    clock.advanceBy(1);
    await clock.flush();
    expect(frames).toEqual(["a:1"]);
  });

  test("a cut is silent, in both directions, until it heals", async () => {
    const clock = createControlledClock(0);
    const network = createInMemoryNetwork({ nodes: ["a", "b", "c"] });
    const [a, b, c] = ["a", "b", "c"].map((name) => network.join(name)) as [Transport, Transport, Transport];
    const atA = listen(a);
    const atB = listen(b);
    const atC = listen(c);
    network.cut(["a"], ["b"]);
    a.send("b", bytes(1));
    b.send("a", bytes(1));
    a.send("c", bytes(1));
    await clock.flush();
    expect([atA.frames, atB.frames, atC.frames]).toEqual([[], [], ["a:1"]]);
    expect([atA.resets, atB.resets]).toEqual([[], []]);
    network.heal();
    a.send("b", bytes(2));
    await clock.flush();
    expect(atB.frames).toEqual(["a:2"]);
  });

  test("tells of a node that left, and whoever sends to it", async () => {
    const clock = createControlledClock(0);
    const network = createInMemoryNetwork({ nodes: ["a", "b"] });
    const a = network.join("a");
    const atA = listen(a);
    network.join("b");
    network.leave("b");
    await clock.flush();
    expect(atA.resets).toEqual(["b"]);
    a.send("b", bytes(1));
    await clock.flush();
    expect(atA.resets).toEqual(["b", "b"]);
  });

  test("a former life neither sends nor receives", async () => {
    const clock = createControlledClock(0);
    const network = createInMemoryNetwork({ nodes: ["a", "b"] });
    const former = network.join("a");
    const heard = listen(former);
    const b = network.join("b");
    const atB = listen(b);
    network.leave("a");
    const next = listen(network.join("a"));
    former.send("b", bytes(1));
    b.send("a", bytes(2));
    await clock.flush();
    expect(atB.frames).toEqual([]);
    expect(heard.frames).toEqual([]);
    expect(next.frames).toEqual(["b:2"]);
  });

  test("knows its nodes", () => {
    const network = createInMemoryNetwork({ nodes: ["a", "b"] });
    expect(() => network.join("z")).toThrow('"z" is not a node of this network; it has a, b');
  });
});
