import { createExpiryProcess } from "../../src/background/expiry.ts";
import { PROCESSES } from "../../src/background/start.ts";
import { abd } from "../../src/policies/abd.ts";
import { isForgotten } from "../../src/index.ts";
import { plant } from "./plant.ts";

/** What ended longer than the grace ago is dropped, whoever may have been away since. */
export const forgetsByTimeAlone = plant(abd, {
  parts: {
    processes: {
      ...PROCESSES,
      expiry: (kit) =>
        createExpiryProcess({
          ...kit,
          hasFixedOwners: false,
          store: { ...kit.store, dropForgotten: () => dropPast(kit) },
        }),
    },
  },
});

function dropPast({ state, store, ttl, timing }: Parameters<typeof createExpiryProcess>[0]): number {
  const nowMs = ttl.nowMs();
  const past = [...state.deref().records.values()].filter((record) =>
    isForgotten(record, nowMs, timing.graceMs),
  );
  return store.drop(past);
}
