import { describe, expect, test } from "vitest";
import { invariants } from "../../sim/check/index.ts";
import { drawPlan } from "../../sim/run/draw/draw-plan.ts";
import { readScenario } from "../../sim/run/load/load-file.ts";
import { run } from "../../sim/run/run.ts";
import type { System } from "../../sim/run/system.ts";
import { createCacheSystem } from "../../sim/systems/cache.ts";
import type { MachineEnv } from "../../sim/world/machine.ts";
import { type Configuration, createCodec, type Message, type Policy } from "../../src/index.ts";
import { abd } from "../../src/policies/abd.ts";
import { isReply } from "../../src/wire/messages.ts";

/** Mistakes that changes of members are known for, each of which the harness must find. */

/** During a change only the new owners of a key are asked. */
const asksNewOwnersOnly: Policy = {
  ...abd,
  create: (kit) =>
    abd.create({
      ...kit,
      gather(operation, options) {
        const { nodes, groups } = kit.placement.quorumsOf(operation.key);
        const targets = groups.at(-1)?.map((place) => nodes[place] as string);
        return kit.gather(operation, { ...options, targets, granted: undefined });
      },
    }),
};

type Network = MachineEnv["network"];

interface Frame {
  readonly message: Message;
  readonly epoch: number;
}

const codec = createCodec({ frameBytesMax: 16_777_216 });

function open(frame: Uint8Array): Frame {
  const message = codec.decode(frame);
  return { message, epoch: codec.epoch };
}

/** A request of an older epoch is taken for one of this node's own. */
function refusesNothing(network: Network): Network {
  let ownEpoch = 1;
  return {
    ...network,
    send(to, frame) {
      ownEpoch = Math.max(ownEpoch, open(frame).epoch);
      network.send(to, frame);
    },
    onFrame(receive) {
      network.onFrame((from, frame) => {
        const { message, epoch } = open(frame);
        const isOld = !isReply(message) && epoch < ownEpoch;
        receive(from, isOld ? codec.encode(message, ownEpoch) : frame);
      });
    },
  };
}

/** Whoever carries out a change takes "I know of it" for "I have taken over". */
function completesTooSoon(network: Network): Network {
  const seen = new Map<number, Configuration>();
  const note = (frame: Uint8Array): Frame => {
    const opened = open(frame);
    const { message } = opened;
    if ("configuration" in message && message.configuration !== null) {
      seen.set(message.configuration.epoch, message.configuration);
    }
    return opened;
  };
  return {
    ...network,
    send(to, frame) {
      const { message, epoch } = note(frame);
      const configuration = message.type === "take-over" ? seen.get(message.epoch) : undefined;
      if (configuration === undefined) network.send(to, frame);
      else network.send(to, codec.encode({ ...message, type: "inform", configuration }, epoch));
    },
    onFrame(receive) {
      network.onFrame((from, frame) => {
        note(frame);
        receive(from, frame);
      });
    },
  };
}

function withNetwork(change: (network: Network) => Network): System {
  const system = createCacheSystem([abd]);
  return { ...system, boot: (env, plan) => system.boot({ ...env, network: change(env.network) }, plan) };
}

const names = invariants.map(({ name }) => name);
const SEEDS_MAX = 300;

/** The first seed that breaks something, or null. */
async function firstFinding(
  file: string,
  system: System,
): Promise<{ seed: number; broken: string[] } | null> {
  const loaded = readScenario(`scenarios/${file}.yaml`, { policies: ["abd"], invariants: names });
  if (!loaded.ok) throw new Error(`${file} does not load`);
  for (let seed = 1; seed <= SEEDS_MAX; seed++) {
    const plan = drawPlan(loaded.value, { seed, system: "cache", policy: "abd", invariants: names });
    const { violations } = await run(plan, { system, invariants });
    if (violations.length > 0) return { seed, broken: violations.map(({ invariant }) => invariant) };
  }
  return null;
}

describe(`within ${SEEDS_MAX} seeds the harness finds a cluster that`, () => {
  test.each([
    ["asks only the new owners during a change", "add-node", createCacheSystem([asksNewOwnersOnly])],
    ["does not refuse an older epoch", "add-node", withNetwork(refusesNothing)],
    ["completes a change before the records have moved", "add-node", withNetwork(completesTooSoon)],
  ])("%s, in %s", async (_, file, system) => {
    const found = await firstFinding(file, system);
    expect(found?.broken).toContain("linearizable");
  });
});
