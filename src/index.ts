/** The public face of the cache. */
export { type AuditEntry, type AuditFilters } from "./audit-log.ts";
export { type Cache, type CacheStatistics, createCache } from "./cache.ts";
export { type Configuration, type Member, type MemberChange } from "./configuration.ts";
export { type Disk, DiskError, type DiskErrorCode, isDiskFull } from "./disk.ts";
export {
  AbortedError,
  CacheError,
  type CacheErrorCode,
  ConflictingChangeError,
  ConnectionResetError,
  IndeterminateError,
  InvalidArgumentError,
  LoadError,
  NotSupportedError,
  PolicyError,
  type ReplicaAnswer,
  type ReplicaAnswers,
  StoppedError,
  StoreFullError,
  UnavailableError,
} from "./errors.ts";
export { type CacheEvent, type CacheEventType, edgeOf, type HitSource } from "./events.ts";
export type { Eviction } from "./eviction.ts";
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
export type { KeyedOperations, LoadOptions, OperationOptions } from "./keyed-operations.ts";
export type { LatencyReport, LatencyReports } from "./latencies.ts";
export type { Loader } from "./loading.ts";
export type { ManyLookups, ManyOptions, ManyWrites } from "./many.ts";
export type { Namespace, NamespaceStatistics } from "./namespace.ts";
export type { Operation } from "./operation.ts";
export { openCache } from "./open-cache.ts";
export {
  type CacheOptions,
  DEFAULT_LIMITS,
  DEFAULT_TIMING,
  DEFAULT_TTL_MS,
  type Durability,
  type Limits,
  type NearCopiesOptions,
  type Timing,
} from "./options.ts";
export { createPlacement, type Owners, type Placement, type PlacementOptions } from "./placement.ts";
export type { PolicyParameter, PolicyParameters } from "./policies/parameters.ts";
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
export type { Hit, Loaded, Lookup, Stale, Swap } from "./results.ts";
export type { CacheState, CatchUp, MembershipState, NodeInfo, NodeStatus, Pulled } from "./state.ts";
export type { DiskCounts, LoadingCounts, Statistics, StatisticsReport } from "./statistics.ts";
export type { EventFilters, EventListener } from "./subscriptions.ts";
export type { Transport } from "./transport.ts";
export { compareVersions, formatVersion, type Version } from "./version.ts";
export { type Codec, createCodec } from "./wire/codec.ts";
export type {
  DataRequest,
  Json,
  Message,
  PolicyReply,
  PolicyRequest,
  ReadReply,
  ReadRequest,
  ReplyMessage,
  StoreReply,
  StoreRequest,
} from "./wire/messages.ts";
export { WireError, type WireErrorKind } from "./wire/wire-error.ts";
