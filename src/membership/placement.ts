import { type Configuration, firstConfiguration, type Member } from "./configuration.ts";
import { hashText, mix32 } from "../hash.ts";

/** Whom to ask about a key, and who of them count together. */
export interface Owners {
  /** Each once; the best first, while no change of members is under way. */
  readonly nodes: readonly string[];
  /**
   * Places in `nodes`. A decision needs enough of every group: of the key's owners or, during a change of members,
   * of its old ones and of its new ones. All groups are of the same size, N.
   */
  readonly groups: readonly (readonly number[])[];
}

/**
 * Which nodes own a key: rendezvous hashing (Thaler and Ravishankar, 1998). Every node gets a score for the
 * key; the owners are the N highest, best first. All nodes compute the same list without talking, it depends on
 * no one's view of who is healthy, and a node that joins n others takes over about 1/(n+1) of the keys while
 * no other key moves.
 *
 * Where nodes have zones, the owners are the best of each zone, and after that the best of the rest: they lie in as
 * many zones as there are, and if nobody says where nodes are they are the N highest. A node that comes or goes
 * then moves hardly more keys than without zones, though some of them between others.
 */
export interface Placement {
  /** How many owners each key has: the replication, or all nodes when there are fewer. */
  readonly replication: number;
  /** The key's owners in order of preference. O(nodes) the first time, then from a bounded memo, which ends with the configuration. */
  ownersOf(key: string): readonly string[];
  /** The same nodes, and how they count. */
  quorumsOf(key: string): Owners;
}

export interface PlacementOptions {
  readonly nodes: readonly string[];
  readonly replication: number;
  /** The zone of each node that has one. */
  readonly zones?: ReadonlyMap<string, string> | undefined;
}

/** The memo of `ownersOf` starts anew at this many keys: recomputing costs less than remembering them all. */
const MEMO_KEYS_MAX = 4096;

/** The placement of a cluster whose members stay. */
export function createPlacement({ nodes, replication, zones }: PlacementOptions): Placement {
  const members = [...new Set(nodes)].map((id) => ({ id, zone: zones?.get(id) ?? null }));
  return createConfiguredPlacement(firstConfiguration(members), Math.min(replication, members.length));
}

/** The placement of one configuration. */
export function createConfiguredPlacement(
  { members, previous }: Configuration,
  replication: number,
): Placement {
  const rank = createRanking(members, replication);
  const rankBefore = previous === null ? null : createRanking(previous, replication);
  const usualGroups = [Array.from({ length: replication }, (_, place) => place)];
  const memo = new Map<string, Owners>();

  function compute(key: string): Owners {
    const owners = rank(key);
    if (rankBefore === null) return { nodes: owners, groups: usualGroups };
    const before = rankBefore(key);
    const nodes = [...before, ...owners.filter((node) => !before.includes(node))];
    const placesOf = (group: readonly string[]): number[] => group.map((node) => nodes.indexOf(node));
    return { nodes, groups: [placesOf(before), placesOf(owners)] };
  }

  function quorumsOf(key: string): Owners {
    const known = memo.get(key);
    if (known !== undefined) return known;
    if (memo.size >= MEMO_KEYS_MAX) memo.clear();
    const owners = compute(key);
    memo.set(key, owners);
    return owners;
  }

  return { replication, quorumsOf, ownersOf: (key) => quorumsOf(key).nodes };
}

/** Finds a key's owners among the members in one pass over their scores, and no sorting of all. O(members). */
function createRanking(members: readonly Member[], replication: number): (key: string) => readonly string[] {
  // Sorted, so that the order in which a node lists its peers makes no difference, not even in a tie.
  const nodes = [...members].sort((a, b) => (a.id < b.id ? -1 : 1));
  const nodeHashes = nodes.map(({ id }) => hashText(id));
  const zones = zonesOf(nodes);
  const scores = new Uint32Array(nodes.length);

  return (key) => {
    const keyHash = hashText(key);
    for (let index = 0; index < nodeHashes.length; index++) {
      const nodeHash = nodeHashes[index] as number;
      scores[index] = mix32(mix32(nodeHash ^ keyHash) + nodeHash);
    }
    const best = zones === null ? new Top(scores, replication) : bestWithZones(scores, zones, replication);
    if (zones === null) for (let index = 0; index < scores.length; index++) best.add(index);
    return best.indexes.map((index) => (nodes[index] as Member).id);
  };
}

/** A number for the zone of each node, from 0; null if no node says where it is. A node that does not is one by itself. */
function zonesOf(nodes: readonly Member[]): readonly number[] | null {
  if (nodes.every(({ zone }) => zone === null)) return null;
  const numbers = new Map<string, number>();
  let count = 0;
  return nodes.map(({ zone }) => {
    const number = (zone === null ? undefined : numbers.get(zone)) ?? count++;
    if (zone !== null) numbers.set(zone, number);
    return number;
  });
}

/** First the best of each zone, then the best of the rest. */
function bestWithZones(scores: Uint32Array, zones: readonly number[], count: number): Top {
  const firsts: number[] = [];
  for (let index = 0; index < zones.length; index++) {
    const zone = zones[index] as number;
    const first = firsts[zone];
    if (first === undefined || (scores[index] as number) > (scores[first] as number)) firsts[zone] = index;
  }
  const best = new Top(scores, count);
  for (const first of firsts) best.add(first);
  const left = count - best.indexes.length;
  if (left === 0) return best;
  const rest = new Top(scores, left);
  for (let index = 0; index < zones.length; index++)
    if (firsts[zones[index] as number] !== index) rest.add(index);
  best.indexes.push(...rest.indexes);
  return best;
}

/** The indexes with the highest scores among those that were added, the best first; of equal ones the lowest. */
class Top {
  readonly indexes: number[] = [];
  private readonly scores: Uint32Array;
  private readonly countMax: number;

  constructor(scores: Uint32Array, countMax: number) {
    this.scores = scores;
    this.countMax = countMax;
  }

  add(index: number): void {
    const { indexes, countMax } = this;
    let place = indexes.length;
    while (place > 0 && this.isBetter(index, indexes[place - 1] as number)) place--;
    if (place === countMax) return;
    indexes.splice(place, 0, index);
    if (indexes.length > countMax) indexes.pop();
  }

  private isBetter(a: number, b: number): boolean {
    const difference = (this.scores[a] as number) - (this.scores[b] as number);
    return difference > 0 || (difference === 0 && a < b);
  }
}
