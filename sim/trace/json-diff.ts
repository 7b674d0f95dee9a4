/** One place at which two values of plain data differ. */
export interface JsonChange {
  /** Names and indices from the outside in; empty for the value as a whole. */
  readonly path: readonly string[];
  /** Undefined where there is nothing. */
  readonly before: unknown;
  readonly after: unknown;
}

/**
 * Where two values of plain data differ, as deep inside as possible. Lists of different lengths differ as a whole.
 * What both share by reference is not looked into.
 */
export function diffJson(before: unknown, after: unknown): JsonChange[] {
  const changes: JsonChange[] = [];
  collect(before, after, [], changes);
  return changes;
}

function collect(before: unknown, after: unknown, path: readonly string[], changes: JsonChange[]): void {
  if (Object.is(before, after)) return;
  if (!isContainer(before) || !isContainer(after) || !isAlike(before, after)) {
    changes.push({ path, before, after });
    return;
  }
  const [left, right] = [new Map(Object.entries(before)), new Map(Object.entries(after))];
  for (const [name, part] of left) collect(part, right.get(name), [...path, name], changes);
  for (const [name, part] of right) {
    if (!left.has(name)) changes.push({ path: [...path, name], before: undefined, after: part });
  }
}

function isContainer(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function isAlike(a: object, b: object): boolean {
  if (Array.isArray(a) || Array.isArray(b)) {
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length;
  }
  return true;
}
