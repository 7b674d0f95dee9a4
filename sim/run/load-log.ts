import type { Load } from "./invariant.ts";
import type { PlanOperation } from "./plan.ts";
import type { Loader } from "./system.ts";

type OpenLoad = { -readonly [K in keyof Load]: Load[K] };

/** The calls of all loaders of a run. */
export interface LoadLog {
  loaderFor(planned: PlanOperation, machine: string): Loader;
  /** The loads that are under way on a machine end with its life. */
  machineCrashed(machine: string): void;
  loads(): readonly Load[];
}

export function createLoadLog(nowUs: () => number): LoadLog {
  const loads: OpenLoad[] = [];
  const open = new Set<OpenLoad>();
  return {
    loaderFor({ id, key, loadMs = 0 }, machine) {
      let load: OpenLoad | null = null;
      return {
        lastsMs: loadMs,
        began() {
          if (load !== null) throw new Error(`the loader of ${id} was called twice`);
          load = { operation: id, machine, key, fromUs: nowUs(), untilUs: Number.POSITIVE_INFINITY };
          loads.push(load);
          open.add(load);
        },
        ended() {
          if (load === null || !open.delete(load)) return;
          load.untilUs = nowUs();
        },
      };
    },
    machineCrashed(machine) {
      for (const load of open) {
        if (load.machine !== machine) continue;
        load.untilUs = nowUs();
        open.delete(load);
      }
    },
    loads: () => loads,
  };
}
