import { createRecordsBounded } from "./invariants/records-bounded.ts";
import { createStore } from "../../src/local/store.ts";
import { abd } from "../../src/policies/abd.ts";
import { plant } from "./plant.ts";

const RECORDS_MAX = 20;

export const recordsBounded = createRecordsBounded(RECORDS_MAX);

/** The store takes whatever comes. */
export const growsWithoutBound = plant(
  abd,
  {
    parts: {
      createStore: (state, clock, options) =>
        createStore(state, clock, { ...options, recordsMax: Number.POSITIVE_INFINITY }),
    },
  },
  { options: { limits: { recordsMax: RECORDS_MAX } }, promises: [...abd.promises, recordsBounded.name] },
);
