import { run } from "../../run/run.ts";
import type { System } from "../../run/system.ts";
import { type Finding, judged } from "./finding.ts";
import { shareInterval } from "./intervals.ts";
import { foreignKeys, machineNames, quietPlan } from "./quiet-plan.ts";

interface FanOut {
  readonly width: number;
  readonly slowShare: number;
  readonly requests: number;
  readonly published: number;
}

/** J. Dean, L. Barroso, "The tail at scale" (Communications of the ACM 56(2), 2013). */
const FAN_OUTS: readonly FanOut[] = [
  { width: 100, slowShare: 0.01, requests: 1000, published: 0.634 },
  { width: 2000, slowShare: 0.0001, requests: 60, published: 0.181 },
];
const SLOW_MS = 1000;

/** A request asks for so many keys at once, each held by one machine that is slow now and then. */
export async function validateFanOut(system: System): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const { width, slowShare, requests, published } of FAN_OUTS) {
    const slowCount = await countSlow(system, { width, slowShare, requests, published });
    findings.push(
      judged(
        {
          table: "fan-out",
          what: `some of ${width} answers is slow, each with p = ${slowShare}`,
          published,
          ours: slowCount / requests,
          interval: shareInterval(slowCount, requests),
          by: "cache",
        },
        0.0005,
      ),
    );
  }
  return findings;
}

async function countSlow(system: System, { width, slowShare, requests }: FanOut): Promise<number> {
  const machines = machineNames(4);
  const clients = Array.from({ length: width }, (_, index) => ({ id: `c${index}`, machine: "n1" }));
  const plan = quietPlan(system, {
    policy: "quorum(read=1,write=1)",
    cluster: { machines, replication: 1 },
    clients,
    network: {
      latency: { kind: "constant", ms: 1 },
      loss: 0,
      duplicate: 0,
      reorder: 1,
      messages: {
        "read-reply": {
          latency: {
            kind: "mixture",
            parts: [
              { weight: 1 - slowShare, kind: "constant", ms: 1 },
              { weight: slowShare, kind: "constant", ms: SLOW_MS },
            ],
          },
        },
      },
    },
  });
  const keys = foreignKeys(system, plan, "n1", width);
  const operations = Array.from({ length: requests }, (_, request) =>
    clients.map(({ id }, index) => ({
      id: `${id}#${request}`,
      client: id,
      atMs: request * 10 * SLOW_MS,
      kind: "get" as const,
      key: keys[index] as string,
    })),
  ).flat();
  const { record } = await run({ ...plan, operations }, { system, invariants: [] });
  const slow = record.history.filter(({ callUs, returnUs }) => returnUs - callUs >= SLOW_MS * 1000);
  return new Set(slow.map(({ callUs }) => callUs)).size;
}
