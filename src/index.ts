/** The public face of the cache. */
export {
  type AuditEntry,
  type AuditFilters,
  type Cache,
  createCache,
  DEFAULT_TTL_MS,
  type OperationOptions,
} from "./cache.ts";
export { type Configuration, type Member, type MemberChange } from "./configuration.ts";
export { type Disk, DiskError, type DiskErrorCode, isDiskFull } from "./disk.ts";
export {
  CacheError,
  type CacheErrorCode,
  ConflictingChangeError,
  ConnectionResetError,
  IndeterminateError,
  InvalidArgumentError,
  type ReplicaAnswers,
  StoppedError,
  StoreFullError,
  UnavailableError,
} from "./errors.ts";
export { type CacheEvent, type CacheEventType, edgeOf, type HitSource } from "./events.ts";
export { createFileDisk, type FileDisk } from "./file-disk.ts";
export type { Gather, GatherOptions, Granted } from "./gather.ts";
export {
  type Crashpoint,
  CRASHPOINTS,
  type Detour,
  DETOURS,
  type Hooks,
  type Probe,
  PROBES,
} from "./hooks.ts";
export { createInMemoryNetwork, type InMemoryNetwork } from "./in-memory-transport.ts";
export type { Operation } from "./operation.ts";
export { openCache } from "./open-cache.ts";
export {
  type CacheOptions,
  DEFAULT_LIMITS,
  DEFAULT_TIMING,
  type Durability,
  type Limits,
  type Timing,
} from "./options.ts";
export { createPlacement, type Owners, type Placement, type PlacementOptions } from "./placement.ts";
export { policies, policyNamed } from "./policies/index.ts";
export type {
  BackgroundWork,
  FaultBudget,
  Found,
  Policy,
  PolicyCard,
  PolicyKit,
  PolicyNode,
  PolicyPromise,
} from "./policies/policy.ts";
export { type CacheRecord, isForgotten, isLive, operationId } from "./record.ts";
export type { Lookup } from "./results.ts";
export type { CacheState, CatchUp, MembershipState, NodeInfo, NodeStatus, Pulled } from "./state.ts";
export type { DiskCounts, Statistics, StatisticsReport } from "./statistics.ts";
export type { Transport } from "./transport.ts";
export { compareVersions, formatVersion, type Version } from "./version.ts";
export { type Codec, createCodec } from "./wire/codec.ts";
export type { Message } from "./wire/messages.ts";
export { WireError, type WireErrorKind } from "./wire/wire-error.ts";
