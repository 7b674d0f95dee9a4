/**
 * The values that one context sets itself. Nearly always there are one or two, so they are a list, the newest
 * first; only the context with many gets a map. Looking up and setting cost O(1).
 */
export type OwnValues = OwnValue | Map<string, OwnValue>;

export interface OwnValue {
  readonly key: string;
  value: unknown;
  readonly older: OwnValue | undefined;
  /** Of the list from here on. */
  readonly length: number;
}

/** A longer list is slower to search than a map. */
const LIST_LENGTH_MAX = 8;

export function findOwn(own: OwnValues | undefined, key: string): OwnValue | undefined {
  if (own instanceof Map) return own.get(key);
  let found = own;
  while (found !== undefined && found.key !== key) found = found.older;
  return found;
}

/** Returns what `own` is from now on. */
export function setOwn(own: OwnValues | undefined, key: string, value: unknown): OwnValues {
  const found = findOwn(own, key);
  if (found !== undefined) {
    found.value = value;
    return own as OwnValues;
  }
  if (own instanceof Map) return own.set(key, { key, value, older: undefined, length: 1 });
  const added: OwnValue = { key, value, older: own, length: (own?.length ?? 0) + 1 };
  return added.length <= LIST_LENGTH_MAX ? added : new Map(listOwn(added).map((each) => [each.key, each]));
}

/** In the order in which they were first set. */
export function listOwn(own: OwnValues | undefined): OwnValue[] {
  if (own instanceof Map) return [...own.values()];
  const all: OwnValue[] = [];
  for (let each = own; each !== undefined; each = each.older) all.push(each);
  return all.reverse();
}
