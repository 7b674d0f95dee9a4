import { createHash } from "node:crypto";
import type { Finding } from "./findings.ts";

/** The findings that have one fingerprint, in whatever scenarios. */
export interface FindingGroup {
  /** Eight hexadecimal digits of the fingerprint's hash: short enough for the title of an issue. */
  readonly id: string;
  /** The one to look at: that which the fewest operations prove; of several, the first. */
  readonly finding: Finding;
  readonly findings: readonly Finding[];
  /** In all scenarios together. */
  readonly seedCount: number;
}

/** Each fingerprint once, in the order in which they are met. */
export function groupFindings(findings: readonly Finding[]): FindingGroup[] {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const identity = findingIdentity(finding);
    const group = groups.get(identity);
    if (group === undefined) groups.set(identity, [finding]);
    else group.push(finding);
  }
  return [...groups].map(([identity, group]) => ({
    id: createHash("sha256").update(identity).digest("hex").slice(0, 8),
    finding: group.toSorted((a, b) => proofSize(a) - proofSize(b))[0] as Finding,
    findings: group,
    seedCount: group.reduce((sum, { seedCount }) => sum + seedCount, 0),
  }));
}

/**
 * Equal for findings of one fingerprint. What a run does differently the second time has a scenario of its own, and so
 * has a bound.
 */
export function findingIdentity({ kind, policy, name, shape, scenario }: Finding): string {
  const isOfScenario = kind === "nondeterminism" || kind === "bound";
  return JSON.stringify([kind, policy, name, shape, ...(isOfScenario ? [scenario] : [])]);
}

/** The findings of a row, added up for each invariant: of how many seeds it was broken in, the fingerprint is no part. */
export function seedsByName(
  findings: readonly Finding[],
): Pick<Finding, "kind" | "name" | "seedCount" | "isExpected">[] {
  const names = new Map<string, Pick<Finding, "kind" | "name" | "seedCount" | "isExpected">>();
  for (const { kind, name, seedCount, isExpected } of findings) {
    const key = JSON.stringify([kind, name, isExpected]);
    const others = names.get(key)?.seedCount ?? 0;
    names.set(key, { kind, name, seedCount: others + seedCount, isExpected });
  }
  return [...names.values()];
}

function proofSize({ violation }: Finding): number {
  return violation?.operations.length ?? 0;
}
