/**
 * Who belongs to the cluster. A configuration is decided once per epoch and never changes; a change of members is
 * two new epochs: one in which the old members and the new ones decide together, then one of the new alone. See
 * `docs/decisions/0013-membership.md`.
 */
import { InvalidArgumentError } from "../errors.ts";

export interface Member {
  readonly id: string;
  /** The room or data centre that it fails with; null when that is not known. */
  readonly zone: string | null;
}

export interface Configuration {
  /** Counted from 1. */
  readonly epoch: number;
  /** In the order of their ids. */
  readonly members: readonly Member[];
  /** While a change is under way: the members before it. */
  readonly previous: readonly Member[] | null;
}

/** A change of members. What goes and what comes may go and come at once: that replaces a node. */
export interface MemberChange {
  /** Nodes that the transport knows and that are no members. */
  readonly add?: readonly (string | Member)[] | undefined;
  /** Members that are up: each is told when it may stop. */
  readonly drain?: readonly string[] | undefined;
  /** Members that are gone for good. */
  readonly remove?: readonly string[] | undefined;
}

export function firstConfiguration(members: readonly Member[]): Configuration {
  return { epoch: 1, members: sorted(members), previous: null };
}

/** The first half of a change: the old members and the new ones decide together. */
export function jointOf({ epoch, members }: Configuration, next: readonly Member[]): Configuration {
  return { epoch: epoch + 1, members: sorted(next), previous: members };
}

/** The second half: the new members alone. It depends on nothing else, so there are no two of one epoch. */
export function finalOf({ epoch, members }: Configuration): Configuration {
  return { epoch: epoch + 1, members, previous: null };
}

/** Every node that has a part in it, each once. */
export function nodesOf({ members, previous }: Configuration): readonly string[] {
  const ids = members.map(({ id }) => id);
  const gone = (previous ?? []).map(({ id }) => id).filter((id) => !ids.includes(id));
  return [...ids, ...gone];
}

export function includes(members: readonly Member[] | null, node: string): boolean {
  return members !== null && members.some(({ id }) => id === node);
}

export function haveSameMembers(a: readonly Member[], b: readonly Member[]): boolean {
  return (
    a.length === b.length &&
    a.every(({ id, zone }, place) => id === b[place]?.id && zone === (b[place]?.zone ?? null))
  );
}

/**
 * The members after a change.
 * @param known every node that the transport reaches, and this one
 * @throws InvalidArgumentError when it cannot be made
 */
export function membersAfter(
  { members }: Configuration,
  { add = [], drain = [], remove = [] }: MemberChange,
  known: readonly string[],
  replication: number,
): readonly Member[] {
  const comers = add.map((node) => (typeof node === "string" ? { id: node, zone: null } : node));
  const goers = [...drain, ...remove];
  for (const { id } of comers) {
    if (!known.includes(id))
      throw refused(`"${id}" is not a node of the transport: let it know the node first`);
    if (includes(members, id)) throw refused(`"${id}" is a member already`);
  }
  for (const id of goers) if (!includes(members, id)) throw refused(`"${id}" is not a member`);
  const named = [...comers.map(({ id }) => id), ...goers];
  if (named.length === 0) throw refused("it names no node: say whom to add, drain or remove");
  if (new Set(named).size < named.length) throw refused("it names a node twice");
  const next = sorted([...members.filter(({ id }) => !goers.includes(id)), ...comers]);
  if (next.length < replication) {
    throw refused(
      `it leaves ${next.length} members for ${replication} copies of each key: add others at once`,
    );
  }
  return next;
}

function sorted(members: readonly Member[]): readonly Member[] {
  return [...members].sort((a, b) => (a.id < b.id ? -1 : 1));
}

function refused(why: string): InvalidArgumentError {
  return new InvalidArgumentError("invalid-members", `the change of members cannot be made: ${why}`);
}
