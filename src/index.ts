/** The public face of the cache. */
export { type AuditEntry, type AuditFilters } from "./observe/audit-log.ts";
export { type Cache, type CacheStatistics, createCache } from "./cache.ts";
export { type Configuration, type Member, type MemberChange } from "./membership/configuration.ts";
export { type Disk, DiskError, type DiskErrorCode, isDiskFull } from "./durable/disk.ts";
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
export { type CacheEvent, type CacheEventType, edgeOf, type HitSource } from "./observe/events.ts";
export type { Eviction } from "./local/eviction.ts";
export { createFileDisk, type FileDisk } from "./durable/file-disk.ts";
export type { Gather, GatherOptions, Granted } from "./replication/gather.ts";
export {
  type Crashpoint,
  CRASHPOINTS,
  type Detour,
  DETOURS,
  type Hooks,
  type Probe,
  PROBES,
} from "./hooks.ts";
export { createInMemoryNetwork, type InMemoryNetwork } from "./transport/in-memory-transport.ts";
export type { KeyedOperations, LoadOptions, OperationOptions } from "./operations/keyed-operations.ts";
export type { LatencyReport, LatencyReports } from "./observe/latencies.ts";
export type { Loader } from "./operations/loading.ts";
export type { ManyLookups, ManyOptions, ManyWrites } from "./operations/many.ts";
export type { Namespace, NamespaceStatistics } from "./operations/namespace.ts";
export type { Operation } from "./operations/operation.ts";
export { openCache } from "./open-cache.ts";
export { DEFAULT_HEALTH, type HealthThresholds } from "./observe/node-health.ts";
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
export {
  createPlacement,
  type Owners,
  type Placement,
  type PlacementOptions,
} from "./membership/placement.ts";
export type { PolicyParameter, PolicyParameters } from "./policies/parameters.ts";
export { HEALTH_CHANGES, REACH_NEEDS } from "./policies/reach.ts";
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
export { type CacheRecord, isForgotten, isLive, operationId } from "./local/record.ts";
export type { Hit, Loaded, Lookup, Stale, Swap } from "./operations/results.ts";
export type { CacheState, CatchUp, MembershipState, NodeInfo, NodeStatus, Pulled } from "./state.ts";
export type { DiskCounts, LoadingCounts, Statistics, StatisticsReport } from "./observe/statistics.ts";
export type { EventFilters, EventListener } from "./observe/subscriptions.ts";
export type { Usage } from "./observe/usage.ts";
export type { Transport } from "./transport/transport.ts";
export {
  createAbsoluteTtlClock,
  createRelativeTtlClock,
  slowestRate,
  type TtlClock,
  type TtlMode,
} from "./ttl/ttl-clock.ts";
export { withoutStamp } from "./ttl/stamp.ts";
export { compareVersions, formatVersion, type Version } from "./local/version.ts";
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
export { MESSAGE_TYPES, messageTypeOf } from "./wire/message-kind.ts";
export { WireError, type WireErrorKind } from "./wire/wire-error.ts";
