import { ms } from "@phyxius/clock";
import type { Plan } from "../../sim/run/plan.ts";
import type { System } from "../../sim/run/system.ts";

/**
 * A system that does next to nothing, so that what a run costs is what the harness costs: each machine asks one of a
 * few neighbours something now and then and is answered at once, and now and then it writes a line to its disk.
 */

const NEIGHBOURS = 8;
const QUESTION = new TextEncoder().encode("a question of the usual length?");
const ANSWER = new TextEncoder().encode("!");
const ASKS_PER_LINE = 16;

/** @param everyMs how often each machine asks */
export function chattySystem(everyMs: number): System {
  return {
    name: "chatter",
    policies: [{ name: "none", summary: "Machines talk.", promises: [] }],
    boot({ id, clock, network, disk }, { cluster }) {
      const { machines } = cluster;
      const place = machines.indexOf(id);
      const neighbours = Array.from({ length: Math.min(NEIGHBOURS, machines.length - 1) }, (_, i) => {
        return machines[(place + 1 + i) % machines.length] ?? id;
      });
      let asked = 0;
      network.onFrame((from, frame) => {
        if (frame.length > 1) network.send(from, ANSWER);
      });
      clock.interval(ms(everyMs), () => {
        network.send(neighbours[asked++ % neighbours.length] ?? id, QUESTION);
        if (asked % ASKS_PER_LINE !== 0) return;
        // A disk may be full, or fail: that is what it is here for.
        disk
          .append(QUESTION)
          .then(() => disk.sync())
          .catch(() => {});
      });
      return { perform: () => Promise.reject(new Error("it has no clients")), replicas: () => [] };
    },
    describeFrame: () => null,
    owners: () => null,
  };
}

/** @param forMs virtual time */
export function chattyPlan(machineCount: number, forMs: number): Plan {
  return {
    format: "cache-sim/plan",
    version: 1,
    scenario: "chatter",
    seed: 1,
    system: "chatter",
    policy: "none",
    cluster: {
      machines: Array.from({ length: machineCount }, (_, i) => `n${i + 1}`),
      replication: 1,
      durability: "journal",
    },
    network: { latency: { kind: "lognormal", medianMs: 2, p99Ms: 20 }, loss: 0, duplicate: 0, reorder: 0 },
    clients: [],
    deadlineMs: 1000,
    operations: [],
    faults: [],
    phases: { healMs: forMs, settleMs: forMs, endMs: forMs },
    invariants: [],
  };
}
