/**
 * What clients of a cache do. New kinds come last: which one a seed takes, and what a recording says, depends on their
 * places.
 */
export const WORKLOAD_KINDS = ["get", "set", "delete", "compareAndSet", "touch", "getOrLoad"] as const;

export type WorkloadKind = (typeof WORKLOAD_KINDS)[number];
