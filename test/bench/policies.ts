import { createControlledClock } from "@phyxius/clock";
import {
  type Cache,
  createCache,
  createInMemoryNetwork,
  createPlacement,
  policies,
  type Policy,
} from "../../src/index.ts";
import { cpuMs, repeat, row } from "./measure.ts";
import { calmPlan, runPlan } from "./end-to-end.ts";

/** What each policy costs: messages for one operation in a calm cluster, and how fast a simulation of it goes. */

type Print = (line?: string) => void;

const NODES = ["n1", "n2", "n3", "n4", "n5"];
const REPLICATION = 3;
/** Client operations as a multiple of those of the scenario `calm`. */
const LENGTH = 20;
const ROUNDS = 5;

const owners = createPlacement({ nodes: NODES, replication: REPLICATION }).ownersOf("k");
/** A node that does not own the key, as most nodes of a large cluster do not. */
const coordinator = NODES.find((name) => !owners.includes(name)) ?? "n1";

/** What they should need, for a set and for a get. */
const EXPECTED: Readonly<Record<string, readonly [set: number, get: number]>> = {
  abd: [4 * REPLICATION, 2 * REPLICATION],
  quorum: [2 * REPLICATION, 2 * REPLICATION],
  "async-primary": [2 + 2 * (REPLICATION - 1), 2],
  // A get finds a copy at this node: it was the one to set it.
  seed: [2 * REPLICATION, 0],
};

async function messages(policy: Policy): Promise<readonly [set: number, get: number]> {
  const clock = createControlledClock(0);
  const network = createInMemoryNetwork({ nodes: NODES });
  let sent = 0;
  const caches = new Map<string, Cache>();
  for (const name of NODES) {
    const transport = network.join(name);
    const counting = {
      ...transport,
      send(to: string, frame: Uint8Array) {
        sent++;
        transport.send(to, frame);
      },
    };
    caches.set(name, createCache({ transport: counting, clock, policy, replication: REPLICATION }));
  }
  async function count(work: () => Promise<unknown> | undefined): Promise<number> {
    await clock.flush();
    const before = sent;
    await work();
    await clock.flush();
    return sent - before;
  }
  const cache = caches.get(coordinator);
  const result = [await count(() => cache?.set("k", 1)), await count(() => cache?.get("k"))] as const;
  for (const each of caches.values()) await each.stop();
  return result;
}

export async function policyFigures(print: Print): Promise<void> {
  print();
  print("Policies: messages for one operation, N = 3, from a node that owns nothing");
  for (const policy of policies) {
    const [set, get] = await messages(policy);
    const [expectedSet, expectedGet] = EXPECTED[policy.name] ?? [Number.NaN, Number.NaN];
    const verdict = set === expectedSet && get === expectedGet ? "as expected" : "NOT as expected";
    print(`  ${policy.name.padEnd(14)} set ${set} (${expectedSet}), get ${get} (${expectedGet}): ${verdict}`);
  }
  print("Simulated client operations per second and core: scenario calm, all checks on");
  for (const { name } of policies) {
    const plan = calmPlan(name, LENGTH);
    await runPlan(plan);
    const rate = await repeat(
      ROUNDS,
      async () => plan.operations.length / ((await cpuMs(() => runPlan(plan))) / 1000),
    );
    print(row(`  ${name}`, rate, "ops/s"));
  }
}
