import type { History, Operation, OperationKind, ResultKind } from "../../../sim/run/history.ts";
import { type AuditEvent, createAuditLedger } from "../../../sim/run/audit-ledger.ts";
import type { Invariant, MachineEnd, RunRecord, Violation } from "../../../sim/run/invariant.ts";
import { PLAN_FORMAT, PLAN_VERSION } from "../../../sim/run/plan.ts";

/**
 * Histories as a test wants to read them, one line an operation, times in milliseconds:
 *
 *     c1 set a 0..10           acknowledged
 *     c1 set a 0..10?          indeterminate: the client gave up at 10
 *     c1 set a 0..             indeterminate: still open when the run ended
 *     c1 set a 0..10!          failed
 *     c2 get a 5..7            a hit
 *     c2 get - 5..7            a miss
 *     c2 delete 8..9
 *     c1 compareAndSet b 0..9 expects=a     has set b in place of a
 *     c1 compareAndSet b 0..9 found=c       another value was there; `found=-` for none
 *     c1 touch 0..9 ttl=100                 has touched; `found=-` if there was nothing
 *     c1 getOrLoad a 0..9                   has loaded and stored a; `found=b`, `loaded=unstored`
 *
 * then any of `ttl=100` (ms), `key=k2` (default "k"), `on=n2` (default "n1"), `error=deadline`, `due=50` (ms,
 * default 500 after the call).
 */
export function history(...lines: readonly string[]): History {
  const counts = new Map<string, number>();
  return lines
    .map((line) => parse(line.trim(), counts))
    .sort((a, b) => a.callUs - b.callUs || compareText(a.client, b.client));
}

const LINE =
  /^(?<client>\w+) (?<kind>get|set|delete|compareAndSet|touch|getOrLoad)(?: (?<value>-|[\w:]+))? (?<call>[\d.]+?)\.\.(?<end>[\d.]*)(?<mark>[?!]?)(?<rest>(?: \w+=[\w.-]+)*)$/;

const DEADLINE_MS = 500;

function parse(line: string, counts: Map<string, number>): Operation {
  const groups = LINE.exec(line)?.groups;
  if (groups === undefined) throw new Error(`not an operation: "${line}"`);
  const { client, kind, value, call, end, mark, rest } = groups as Record<string, string | undefined>;
  const options = new Map(
    (rest ?? "")
      .trim()
      .split(" ")
      .map((pair) => pair.split("=") as [string, string]),
  );
  const number = (counts.get(client as string) ?? 0) + 1;
  counts.set(client as string, number);
  const callUs = toUs(call as string);
  const isOpen = end === "";
  const expects = options.get("expects");
  const found = options.get("found");
  const result: ResultKind = mark === "!" ? "fail" : mark === "?" || isOpen ? "indeterminate" : "ok";
  return {
    id: `${client}#${number}`,
    client: client as string,
    machine: options.get("on") ?? "n1",
    kind: kind as OperationKind,
    key: options.get("key") ?? "k",
    value: value === undefined || value === "-" ? null : value,
    ttlMs: options.has("ttl") ? Number(options.get("ttl")) : null,
    callUs,
    returnUs: isOpen ? Number.POSITIVE_INFINITY : toUs(end as string),
    deadlineUs: options.has("due") ? toUs(options.get("due") as string) : callUs + toUs(String(DEADLINE_MS)),
    result,
    ...(kind === "compareAndSet" && { expected: expects ?? null }),
    ...(result === "ok" && effectOf(kind as OperationKind, found, options.has("loaded"))),
    error: options.get("error") ?? (isOpen ? "open" : result === "ok" ? null : "unavailable"),
  };
}

function effectOf(
  kind: OperationKind,
  found: string | undefined,
  isUnstored: boolean,
): Pick<Operation, "effect" | "found"> {
  if (kind === "get" || kind === "set" || kind === "delete") return {};
  if (found !== undefined) return { effect: "found", found: found === "-" ? null : found };
  if (kind === "touch") return { effect: "touched" };
  return { effect: isUnstored ? "loaded" : "wrote" };
}

function toUs(ms: string): number {
  return Math.round(Number(ms) * 1000);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

export interface RecordParts {
  readonly settleMs?: number;
  readonly endMs?: number;
  readonly clockSkewMs?: number;
  readonly loads?: RunRecord["loads"];
  readonly audit?: readonly AuditEvent[];
  readonly accounts?: RunRecord["accounts"];
  readonly machines?: readonly MachineEnd[];
  readonly owners?: RunRecord["owners"];
  readonly rejections?: RunRecord["rejections"];
  readonly longJourneys?: RunRecord["longJourneys"];
  readonly ownTimeUs?: RunRecord["ownTimeUs"];
  /** `machine@incarnation` -> ms. */
  readonly crashes?: Readonly<Record<string, number>>;
}

/** A finished run around a history. */
export function record(operations: History, parts: RecordParts = {}): RunRecord {
  const endMs = parts.endMs ?? 100_000;
  const ledger = createAuditLedger();
  for (const event of parts.audit ?? []) ledger.note(event);
  return {
    plan: {
      format: PLAN_FORMAT,
      version: PLAN_VERSION,
      scenario: "test",
      seed: 1,
      system: "cache",
      policy: "test",
      cluster: { machines: ["n1", "n2", "n3"], replication: 3 },
      network: { latency: { kind: "constant", ms: 1 }, loss: 0, duplicate: 0, reorder: 0 },
      clients: [],
      deadlineMs: DEADLINE_MS,
      operations: [],
      faults: [],
      phases: { healMs: 0, settleMs: parts.settleMs ?? endMs, endMs },
      invariants: [],
      ...(parts.clockSkewMs !== undefined && { clockSkewMs: parts.clockSkewMs }),
    },
    history: operations,
    loads: parts.loads ?? [],
    audit: ledger.lives(),
    accounts: parts.accounts ?? [],
    crashedAtUs: new Map(Object.entries(parts.crashes ?? {}).map(([life, ms]) => [life, ms * 1000])),
    machines: parts.machines ?? [],
    owners: parts.owners ?? (() => null),
    rejections: parts.rejections ?? [],
    longJourneys: parts.longJourneys ?? [],
    ownTimeUs: parts.ownTimeUs ?? ((_machine, fromUs, untilUs) => untilUs - fromUs),
    endUs: endMs * 1000,
  };
}

/** The violations of a history alone. */
export function violationsOf(invariant: Invariant, ...lines: readonly string[]): readonly Violation[] {
  return invariant.check(record(history(...lines)));
}

/** The certificate of the only violation, by operation; throws unless there is exactly one. */
export function certificateOf(violations: readonly Violation[]): readonly string[] {
  const [only, ...others] = violations;
  if (only === undefined || others.length > 0) throw new Error(`${violations.length} violations, not one`);
  return only.operations.map(({ id }) => id);
}
