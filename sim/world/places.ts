/**
 * Where something is: a name stands for a machine, for all machines of a zone, or, if it is "*", for every machine.
 * A zone is what fails or is far away as a whole: a room, a data centre.
 */
export interface Places {
  readonly machines: readonly string[];
  /** The machines of each zone, in the order of the cluster. Empty in a cluster without zones. */
  readonly zones: ReadonlyMap<string, readonly string[]>;
  zoneOf(machine: string): string | undefined;
  /** Whether the name stands for the machine, alone or among others. */
  covers(name: string, machine: string): boolean;
  /** Whether anything is called so. */
  knows(name: string): boolean;
}

export const ANYWHERE = "*";

/** What a plan says of its zones: each with its machines. */
export type Zones = Readonly<Record<string, readonly string[]>>;

export function createPlaces(machines: readonly string[], zones: Zones = {}): Places {
  const byName = new Map(Object.entries(zones));
  const zoneByMachine = new Map(
    [...byName].flatMap(([zone, members]) => members.map((machine) => [machine, zone] as const)),
  );
  const known = new Set([ANYWHERE, ...machines, ...byName.keys()]);
  return {
    machines,
    zones: byName,
    zoneOf: (machine) => zoneByMachine.get(machine),
    covers: (name, machine) => name === ANYWHERE || name === machine || zoneByMachine.get(machine) === name,
    knows: (name) => known.has(name),
  };
}

/** The machines for which any of the names stands; all of them when no name is given. */
export function machinesAt(places: Places, names: readonly string[] | undefined): readonly string[] {
  if (names === undefined) return places.machines;
  return places.machines.filter((machine) => names.some((name) => places.covers(name, machine)));
}
