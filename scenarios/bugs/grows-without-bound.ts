import { createStore } from "../../src/local/store.ts";
import { promisesOf } from "../../src/operations/promises.ts";
import { abd } from "../../src/policies/abd.ts";
import { plant } from "./plant.ts";

/** So few that clients write more keys. */
const RECORDS_MAX = 5;

/** The store takes whatever comes. */
export const growsWithoutBound = plant(
  abd,
  {
    parts: {
      createStore: (state, ttl, options) =>
        createStore(state, ttl, { ...options, recordsMax: Number.POSITIVE_INFINITY }),
    },
  },
  {
    options: { limits: { recordsMax: RECORDS_MAX }, eviction: "lru" },
    promises: promisesOf(abd.promises, { eviction: "lru" }),
  },
);
