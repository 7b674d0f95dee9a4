import { lostWrites } from "../../check/measures/losses.ts";
import type { Plan, PlanOperation } from "../../run/plan.ts";
import { run } from "../../run/run.ts";
import type { System } from "../../run/system.ts";
import { type AddedElements, addedToOneKey } from "./added-elements.ts";
import type { Finding } from "./finding.ts";
import { shareInterval } from "./intervals.ts";
import { machineNames } from "./quiet-plan.ts";

/**
 * What Jepsen's analyses found of acknowledged writes that are lost: clients add elements to a set, one after the other,
 * and at the end it is read. What counts is the mechanism and the order, not the decimals.
 *
 * Two thirds of the time the first owner of the set's key and a machine beside it are cut off from the other three, with
 * a client at each. Where the set is one key, nobody may write it back but in place of what he has read: by
 * compare-and-set, which an asynchronous primary decides alone, also when another one has taken over; or by a get and a
 * set, where the last one wins.
 */
interface Mechanism {
  readonly what: string;
  readonly policy: string;
  readonly published: number;
  readonly adding: "apart" | "swap" | "overwrite";
  readonly isPartitioned: boolean;
}

/** From the least to the most that was lost. */
const MECHANISMS: readonly Mechanism[] = [
  {
    what: "a majority confirms (abd), each element apart",
    policy: "abd",
    published: 0,
    adding: "apart",
    isPartitioned: true,
  },
  {
    what: "a majority confirms (quorum), each element apart",
    policy: "quorum",
    published: 0,
    adding: "apart",
    isPartitioned: true,
  },
  {
    what: "a primary acknowledges alone (async-primary), compare-and-set",
    policy: "async-primary",
    published: 0.564,
    adding: "swap",
    isPartitioned: true,
  },
  {
    what: "the last write wins (quorum), get and set, nothing fails",
    policy: "quorum",
    published: 0.717,
    adding: "overwrite",
    isPartitioned: false,
  },
];
const SEEDS = 10;
const ROUNDS = 60;
const ROUND_MS = 150;
const MACHINES = machineNames(5);
const SETTLE_MS = 20_000;
const KEY = "set";

export async function validateLostWrites(system: System): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const mechanism of MECHANISMS) {
    const { acknowledged, lost } = await lossesOf(system, mechanism);
    if (acknowledged === 0) throw new Error(`validation: nothing was written: ${mechanism.what}`);
    const interval = shareInterval(lost, acknowledged);
    const before = findings.at(-1)?.interval.high ?? 0;
    const isAsPublished = mechanism.published === 0 ? lost === 0 : interval.low > before;
    findings.push({
      table: "lost writes",
      what: mechanism.what,
      published: mechanism.published,
      ours: lost / acknowledged,
      interval,
      by: "cache",
      verdict: isAsPublished ? "agrees" : "differs",
      ...(mechanism.published > 0 && {
        remark:
          "agrees if more is lost than in the line before, beyond both intervals: only the order counts",
      }),
    });
  }
  return findings;
}

async function lossesOf(system: System, mechanism: Mechanism): Promise<AddedElements> {
  let acknowledged = 0;
  let lost = 0;
  for (let seed = 1; seed <= SEEDS; seed++) {
    const outcome = await run(planOf(system, mechanism, seed), { system, invariants: [] });
    if (mechanism.adding === "apart") {
      const figure = lostWrites(outcome);
      if (figure.kind !== "ratio") throw new Error(`validation: no key was read at the end, seed ${seed}`);
      acknowledged += figure.whole;
      lost += figure.part;
    } else {
      const added = addedToOneKey(outcome.record.history, SETTLE_MS * 1000);
      acknowledged += added.acknowledged;
      lost += added.lost;
    }
  }
  return { acknowledged, lost };
}

function planOf(system: System, { policy, adding, isPartitioned }: Mechanism, seed: number): Plan {
  const plan: Plan = {
    format: "cache-sim/plan",
    version: 1,
    scenario: "lost-writes",
    seed,
    system: system.name,
    policy,
    cluster: { machines: [...MACHINES], replication: 3 },
    network: { latency: { kind: "lognormal", medianMs: 2, p99Ms: 20 }, loss: 0, duplicate: 0, reorder: 0 },
    clients: [
      ...MACHINES.map((machine) => ({ id: `c-${machine}`, machine })),
      { id: "audit", machine: "n1" },
    ],
    deadlineMs: 1000,
    operations: operationsOf(adding),
    faults: [],
    phases: { healMs: 10_000, settleMs: SETTLE_MS, endMs: 40_000 },
    invariants: [],
  };
  if (!isPartitioned) return plan;
  const owners = system.owners(KEY, plan) ?? [];
  const others = MACHINES.filter((machine) => !owners.includes(machine));
  const left = [owners[0], others[seed % others.length]].filter((machine) => machine !== undefined);
  const right = MACHINES.filter((machine) => !left.includes(machine));
  return {
    ...plan,
    faults: [{ kind: "partition", startMs: 1500, endMs: 7500, shape: "halves", left, right }],
  };
}

function operationsOf(adding: Mechanism["adding"]): PlanOperation[] {
  const operations: PlanOperation[] = [];
  if (adding !== "apart") {
    operations.push({ id: "empty", client: "audit", atMs: 0, kind: "set", key: KEY, value: "empty" });
  }
  for (let round = 1; round <= ROUNDS; round++) {
    for (const machine of MACHINES) {
      const id = `${machine}-${round}`;
      const each = { client: `c-${machine}`, atMs: round * ROUND_MS };
      if (adding === "apart") {
        operations.push({ ...each, id, kind: "set", key: id, value: id });
        operations.push({ id: `audit-${id}`, client: "audit", atMs: SETTLE_MS, kind: "get", key: id });
      } else if (adding === "swap") {
        operations.push({ ...each, id, kind: "compareAndSet", key: KEY, value: id });
      } else {
        operations.push({ ...each, id: `read-${id}`, kind: "get", key: KEY });
        operations.push({ ...each, id, kind: "set", key: KEY, value: id });
      }
    }
  }
  if (adding !== "apart") {
    operations.push({ id: "audit", client: "audit", atMs: SETTLE_MS, kind: "get", key: KEY });
  }
  return operations;
}
