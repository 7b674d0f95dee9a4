import type { Operation } from "../../run/history.ts";
import { expiryOf, mayExpire } from "../operation-times.ts";
import type { RegisterOperation } from "./register-operation.ts";

/**
 * In which order the operations on one register may have happened, to be shown to a person: an order of all of them,
 * or else the longest that there is and the operations that nothing explains after it. The verdict itself comes from
 * `linearizable`, which needs no search; here the search is bounded and may end without an answer.
 *
 * J. Wing and C. Gong, "Testing and verifying concurrent objects", JPDC 17, 1993, with the memory of states of
 * G. Lowe, "Testing for linearizability", 2017: an operation may come next if none that is left ended before it was
 * called. Operations take the earliest moment that is left to them.
 *
 * A miss finds nothing where nothing was written, after a delete, or from the time on at which the value may have
 * expired. Where clocks may differ (`allowanceUs` > 0) a value may be missed and found in turn from then on.
 */
export interface Linearization {
  readonly verdict: "order" | "stuck" | "unknown";
  readonly points: readonly Point[];
  /** After the longest order: the operations that may come next in time, and do not fit what the key holds. */
  readonly blocked: readonly Operation[];
}

export interface Point {
  readonly operation: RegisterOperation;
  readonly atUs: number;
}

/** A moment's work, and much more than histories of sound systems need. */
const STEPS_MAX = 20_000;

interface Held {
  /** Null while the key is absent. */
  readonly write: RegisterOperation | null;
}

interface Node {
  readonly held: Held;
  readonly nowUs: number;
  readonly point: Point | null;
  readonly before: Node | null;
  readonly length: number;
}

export function findLinearization(
  operations: readonly RegisterOperation[],
  allowanceUs = 0,
  stepsMax = STEPS_MAX,
): Linearization {
  const happened = operations
    .filter(({ kind, result }) => result === "ok" || (kind !== "get" && result === "indeterminate"))
    .toSorted((a, b) => a.callUs - b.callUs);
  const isRequired = happened.map(({ result }) => result === "ok");
  const requiredCount = isRequired.filter(Boolean).length;
  const done = new Set<number>();
  const seen = new Map<string, Node[]>();
  let longest: Node = { held: { write: null }, nowUs: 0, point: null, before: null, length: 0 };
  let longestBlocked: readonly Operation[] = [];
  let longestRequired = -1;
  let steps = 0;

  /** Depth first, the operation that must end first before the others. */
  function search(node: Node, requiredDone: number): boolean | null {
    if (requiredDone === requiredCount) {
      longest = node;
      longestBlocked = [];
      return true;
    }
    if (++steps > stepsMax) return null;
    const { candidates, limitUs } = nextOnes();
    if (requiredDone > longestRequired) {
      longestRequired = requiredDone;
      longest = node;
      longestBlocked = candidates
        .filter((place) => isRequired[place])
        .map((place) => happened[place] as Operation);
    }
    if (isKnown(node)) return false;
    for (const place of candidates) {
      const operation = happened[place] as RegisterOperation;
      const endUs = isRequired[place] ? operation.returnUs : Number.POSITIVE_INFINITY;
      const next = perform(operation, node, Math.min(limitUs, endUs), allowanceUs);
      if (next === null) continue;
      done.add(place);
      const found = search(next, requiredDone + (isRequired[place] ? 1 : 0));
      done.delete(place);
      if (found !== false) return found;
    }
    return false;
  }

  /** Those that were called before any that is left has ended, and by when the next one must have happened. */
  function nextOnes(): { readonly candidates: readonly number[]; readonly limitUs: number } {
    let limitUs = Number.POSITIVE_INFINITY;
    const candidates: number[] = [];
    for (const [place, { callUs, returnUs }] of happened.entries()) {
      if (done.has(place)) continue;
      if (callUs > limitUs) break;
      candidates.push(place);
      if (isRequired[place] && returnUs < limitUs) limitUs = returnUs;
    }
    const endOf = (place: number): number =>
      isRequired[place] ? (happened[place]?.returnUs ?? 0) : Number.POSITIVE_INFINITY;
    return {
      candidates: candidates
        .filter((place) => (happened[place]?.callUs ?? 0) <= limitUs)
        .sort((a, b) => endOf(a) - endOf(b) || a - b),
      limitUs,
    };
  }

  /** Whether the same was left to do with the same in the register, no later. */
  function isKnown(node: Node): boolean {
    const name = `${[...done].sort((a, b) => a - b).join(",")}/${node.held.write?.id ?? ""}`;
    const others = seen.get(name);
    if (others === undefined) seen.set(name, [node]);
    else if (others.some(({ nowUs }) => nowUs <= node.nowUs)) return true;
    else others.push(node);
    return false;
  }

  const found = search(longest, 0);
  const points: Point[] = [];
  for (let node: Node | null = longest; node !== null; node = node.before)
    if (node.point !== null) points.push(node.point);
  return {
    verdict: found === null ? "unknown" : found ? "order" : "stuck",
    points: points.reverse(),
    blocked: longestBlocked,
  };
}

/** @param limitUs by when it must have happened: some operation that is left, or this one, ends then */
function perform(
  operation: RegisterOperation,
  node: Node,
  limitUs: number,
  allowanceUs: number,
): Node | null {
  const { held } = node;
  const atUs = Math.max(node.nowUs, operation.callUs);
  const follow = (write: RegisterOperation | null, happenedUs = atUs): Node => ({
    held: { write },
    nowUs: happenedUs,
    point: { operation, atUs: happenedUs },
    before: node,
    length: node.length + 1,
  });
  switch (operation.kind) {
    case "set":
      if (operation.replaces !== undefined && held.write?.value !== operation.replaces) return null;
      return follow(operation);
    case "delete":
      return follow(null);
    case "get": {
      if (operation.value !== null) return held.write?.value === operation.value ? follow(held.write) : null;
      if (held.write === null) return follow(null);
      if (!mayExpire(held.write)) return null;
      const { fromUs, isFinal } = expiryOf(held.write, allowanceUs);
      const goneUs = Math.max(atUs, fromUs);
      if (goneUs > limitUs) return null;
      return follow(isFinal ? null : held.write, goneUs);
    }
    case "compareAndSet":
    case "touch":
    case "getOrLoad":
    case "call":
      throw new Error(`${operation.id}: a register knows no ${operation.kind}; see asRegister`);
  }
}
