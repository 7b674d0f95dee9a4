/** What the events of a cache say of the states that the abstract state of a cluster is made of. */
import type { CacheEvent } from "../../src/index.ts";
import type { StateChange } from "../world/machine.ts";

type Reading<Type> = (event: Extract<CacheEvent, { readonly type: Type }>) => StateChange;

const READINGS: { readonly [Type in CacheEvent["type"]]?: Reading<Type> } = {
  "cache.failover.completed": ({ key }) => ({ aspect: "leadership", of: key, state: "leads" }),
  "cache.failover.deposed": ({ key }) => ({ aspect: "leadership", of: key, state: "deposed" }),
  "cache.membership.changed": ({ previous }) => ({
    aspect: "configuration",
    of: "configuration",
    state: previous === null ? "settled" : "changing",
  }),
  "cache.disk.opened": ({ found }) => ({ aspect: "disk", of: "disk", state: found }),
  "cache.disk.error": () => ({ aspect: "disk", of: "disk", state: "failed" }),
  "cache.background.failure": ({ process }) => ({ aspect: "background", of: process, state: "failed" }),
  "cache.background.restarted": ({ process }) => ({ aspect: "background", of: process, state: "running" }),
};

/** The new state that an event tells of; undefined for most. */
export function stateIn<Type extends CacheEvent["type"]>(
  event: Extract<CacheEvent, { readonly type: Type }>,
): StateChange | undefined {
  const { type }: { readonly type: Type } = event;
  return READINGS[type]?.(event);
}
