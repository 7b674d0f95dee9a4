import { syncBuiltinESMExports } from "node:module";
import { type Guard, guardModule, guardReading, guardUse } from "./guard.ts";
import { FORBIDDEN_MODULES, FORBIDDEN_TO_READ, FORBIDDEN_TO_USE } from "./real-world.ts";

/**
 * All guards together. Putting them in place and away takes some 0.2 ms, setting the alarm nothing, so whoever
 * makes many runs holds them for all of these. When nobody holds them any more, everything is as it was.
 */

let holderCount = 0;
const guards: Guard[] = [];
const guardedModules = new Set<string>();
let modulesSeen = 0;

/**
 * Puts the guards in place, unless they are there already.
 *
 * @returns lets go of them; to be called once
 */
export function holdGuards(): () => void {
  if (holderCount++ === 0) {
    makeGuards();
    for (const guard of guards) guard.install();
    // Whoever imported a function of a module by its name gets the guarded one, and later the original again.
    syncBuiltinESMExports();
  }
  return () => {
    if (--holderCount > 0) return;
    for (const guard of guards) guard.remove();
    syncBuiltinESMExports();
  };
}

function makeGuards(): void {
  if (guards.length === 0) {
    for (const { prefix, owner, properties } of FORBIDDEN_TO_USE) {
      for (const property of properties) guards.push(guardUse(owner, property, prefix + property));
    }
    for (const { prefix, owner, properties } of FORBIDDEN_TO_READ) {
      for (const property of properties) guards.push(guardReading(owner, property, prefix + property));
    }
  }
  // Only what is loaded can have been imported by anybody, and loading the rest would take its time.
  const { moduleLoadList } = process as unknown as { readonly moduleLoadList: readonly string[] };
  if (moduleLoadList.length === modulesSeen) return;
  modulesSeen = moduleLoadList.length;
  const loaded = new Set(moduleLoadList);
  for (const [name, forbidden] of Object.entries(FORBIDDEN_MODULES)) {
    // `fs.promises` is `fs/promises`, though nobody loaded it by that name.
    const parent = name.replace("/promises", "");
    if (guardedModules.has(name) || !loaded.has(`NativeModule ${parent}`)) continue;
    guardedModules.add(name);
    guards.push(guardModule(name, forbidden));
  }
}
