import { afterEach, expect, test } from "vitest";
import { createCodec } from "../../../src/wire/codec.ts";
import type { Message } from "../../../src/wire/messages.ts";
import { createCache, createInMemoryNetwork, type Policy, policyNamed } from "../../../src/index.ts";
import { createControlledClock } from "@phyxius/clock";

/** It does nothing by itself but to repair. */
const policy: Policy = { ...(policyNamed("quorum") as Policy), background: ["repair"] };

/**
 * Two nodes that own everything. The first stores alone what it is told, since the other is cut off; then repair goes
 * on, and what is sent is kept.
 */
const stops: (() => Promise<void>)[] = [];
afterEach(() => Promise.all(stops.splice(0).map((stop) => stop())));

function createPair() {
  const clock = createControlledClock({ initialTime: 1_000_000 });
  const network = createInMemoryNetwork({ nodes: ["n1", "n2"] });
  const codec = createCodec({ frameBytesMax: 10_000_000 });
  const sent: Message[] = [];
  const caches = ["n1", "n2"].map((name) => {
    const transport = network.join(name);
    const send = (to: string, frame: Uint8Array) => {
      sent.push(codec.decode(frame));
      transport.send(to, frame);
    };
    const timing = { repairMs: 1000, retryMs: 1_000_000 };
    const policyOptions = { read: 1, write: 1 };
    return createCache({ transport: { ...transport, send }, clock, policy, policyOptions, timing });
  });
  stops.push(...caches.map((cache) => () => cache.stop()));
  const pass = async (rounds: number) => {
    for (let round = 0; round < rounds; round++) {
      clock.advanceBy(1000);
      for (let turn = 0; turn < 40; turn++) await clock.flush();
    }
  };
  const keys = () =>
    caches.map((cache) =>
      [...cache.getStateSnapshot().records].map(([key, { value }]) => `${key}=${value}`).sort(),
    );
  const setAlone = async (key: string, value: number) => {
    network.cut(["n1"], ["n2"]);
    await caches[0]?.set(key, value);
    network.heal();
  };
  return { caches, sent, pass, keys, setAlone };
}

test("one difference among many is found in messages by the logarithm of their number", async () => {
  const { caches, sent, pass, keys, setAlone } = createPair();
  for (let index = 0; index < 2000; index++) await caches[0]?.set(`key-${index}`, index);
  await pass(2);
  const [first, second] = keys();
  expect(first).toEqual(second);

  sent.length = 0;
  await pass(1);
  // Nothing differs: each asks once and is answered.
  expect(sent.map(({ type }) => type).sort()).toEqual(["tree", "tree", "tree-reply", "tree-reply"]);

  await setAlone("key-8", 1);
  sent.length = 0;
  await pass(1);
  const fetches = sent.flatMap((message) => (message.type === "fetch" ? [message.keys] : []));
  expect(fetches).toEqual([["key-8"]]);
  // 2000 records, 125 in a range below the root, 8 in one below that. Whoever asks first meets the difference, and the
  // other one too if the first held the newer record and fetched nothing.
  const trees = sent.filter(({ type }) => type === "tree");
  expect(trees.length).toBeGreaterThanOrEqual(4);
  expect(trees.length).toBeLessThanOrEqual(2 * 3);
  const named = sent.flatMap((message) =>
    message.type === "tree-reply" ? message.branches.flatMap(({ held }) => held) : [],
  );
  expect(named.length).toBeGreaterThanOrEqual(1);
  expect(named.length).toBeLessThanOrEqual(2 * 32);
  const [left, right] = keys();
  expect(left).toEqual(right);
});

test("many differences are all found and fetched, however many, and both are the same", async () => {
  const { caches, pass, keys, setAlone } = createPair();
  for (let index = 0; index < 300; index++) await caches[0]?.set(`key-${index}`, index);
  await pass(1);
  for (let index = 0; index < 600; index += 2) await setAlone(`key-${index}`, -index);
  const [ahead, behind] = keys();
  expect(ahead).not.toEqual(behind);
  await pass(3);
  const [first, second] = keys();
  expect(first).toEqual(second);
});
