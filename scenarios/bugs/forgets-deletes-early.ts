import type { CacheRecord } from "../../src/index.ts";
import { abd } from "../../src/policies/abd.ts";
import { plant } from "./plant.ts";
import { forgetful } from "./stores.ts";

/** How long a tombstone is kept, in milliseconds: not for as long as a replica may be away. */
const GRACE_MS = 200;

const isDropped = ({ value, expireAtMs }: CacheRecord, nowMs: number) =>
  value === null && expireAtMs + GRACE_MS < nowMs ? "drop" : "keep";

/** A tombstone is dropped before every replica has seen the delete. */
export const forgetsDeletesEarly = plant(abd, {
  parts: { createStore: forgetful({ beforeGet: isDropped, beforeApply: isDropped }) },
});
