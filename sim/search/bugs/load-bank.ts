import type { BugBank } from "./bug.ts";

/**
 * Loads a module that exports `bugs` and `invariants`.
 *
 * @throws TypeError when it exports something else
 */
export async function loadBank(module: URL | string): Promise<BugBank> {
  const { bugs, invariants } = (await import(String(module))) as Partial<BugBank>;
  if (!Array.isArray(bugs) || !Array.isArray(invariants)) {
    throw new TypeError(`${String(module)} is no bug bank: it must export the lists "bugs" and "invariants"`);
  }
  return { bugs, invariants };
}
