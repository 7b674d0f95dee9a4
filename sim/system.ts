/** What a system of your own is made of (`cache-sim/system`): see `docs/extending.md`. */
export { ms } from "@phyxius/clock";
export type { Call } from "./check/models/call.ts";
export { models } from "./check/models/index.ts";
export { defineModel, type Model, type ModelSpec } from "./check/models/model.ts";
export type { Draw } from "./kernel/draw.ts";
export type {
  OwnAnswer,
  OwnCall,
  OwnNode,
  OwnOperation,
  OwnSetup,
  OwnSystem,
  OwnVariant,
} from "./own/own-system.ts";
export type { Data, Operation } from "./run/history.ts";
export type { RunRecord } from "./run/invariant.ts";
export type { OwnInvariant, OwnViolation } from "./run/invariant-file.ts";
export type { DiskPort } from "./world/disk.ts";
export type { MachineEnv, NetworkPort } from "./world/machine.ts";
