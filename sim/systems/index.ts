import type { System } from "../run/system.ts";
import { cacheSystem } from "./cache.ts";

/** Every system that comes with the harness, by the name that a plan gives. */
export const systems: readonly System[] = [cacheSystem];
