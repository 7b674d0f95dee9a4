/**
 * Freezes a value and all it holds. Iterative and aware of what it has seen, so that neither depth nor a cycle
 * is a danger. A `Map` or `Set` cannot be frozen by the language; what it holds is, and its own methods that
 * would change it are covered.
 */
export function deepFreeze<T>(root: T): T {
  const pending: unknown[] = [root];
  const seen = new Set<object>();
  while (pending.length > 0) {
    const value = pending.pop();
    // Views of buffers refuse to be frozen.
    if (value === null || typeof value !== "object" || seen.has(value) || ArrayBuffer.isView(value)) continue;
    seen.add(value);
    if (value instanceof Map) {
      for (const [key, held] of value) pending.push(key, held);
      coverMethods(value, ["set", "delete", "clear"]);
    } else if (value instanceof Set) {
      for (const held of value) pending.push(held);
      coverMethods(value, ["add", "delete", "clear"]);
    }
    for (const held of Object.values(value)) pending.push(held);
    Object.freeze(value);
  }
  return root;
}

function refuse(): never {
  throw new TypeError("a snapshot cannot be changed");
}

function coverMethods(target: object, names: readonly string[]): void {
  for (const name of names) Object.defineProperty(target, name, { value: refuse });
}
