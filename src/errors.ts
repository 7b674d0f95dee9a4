/**
 * The errors of the cache. Each has a stable `code`, for programs, and a message that says what happened,
 * where, and what to do next, for people.
 */

export type CacheErrorCode =
  | "invalid-options"
  | "invalid-key"
  | "invalid-value"
  | "invalid-ttl"
  | "invalid-deadline"
  | "invalid-members"
  | "invalid-loader"
  | "invalid-concurrency"
  | "invalid-namespace"
  | "invalid-version"
  | "not-supported"
  | "policy-failed"
  | "unavailable"
  | "indeterminate"
  | "store-full"
  | "replication-failed"
  | "conflicting-change"
  | "connection-reset"
  | "load-failed"
  | "aborted"
  | "stopped";

export class CacheError extends Error {
  readonly code: CacheErrorCode;

  constructor(code: CacheErrorCode, message: string) {
    super(message);
    this.name = new.target.name;
    this.code = code;
  }
}

/** The caller's argument cannot be used. Nothing was sent and nothing changed. */
export class InvalidArgumentError extends CacheError {}

/**
 * What one replica said: that it holds this version, as text, or nothing; that it stored the write, has no room for
 * it, or finds its stamp ahead of its clock. Null: it kept silent, or what it said stopped counting since it restarted.
 */
export interface ReplicaAnswer {
  readonly node: string;
  readonly said: { readonly version: string | null } | "stored" | "full" | "ahead" | null;
}

/** What each replica that was asked answered, for the message and for programs. */
export interface ReplicaAnswers {
  /** In the order of the key's owners. */
  readonly replicas: readonly ReplicaAnswer[];
  readonly answered: readonly string[];
  readonly silent: readonly string[];
  /** How many had to answer. */
  readonly needed: number;
}

/** The policy cannot do this. Nothing was sent. */
export class NotSupportedError extends CacheError {
  constructor(message: string) {
    super("not-supported", message);
  }
}

/** The policy threw something of its own, which is a bug in it; `cause` is that. Nothing was written. */
export class PolicyError extends CacheError {
  constructor(message: string, cause: unknown) {
    super("policy-failed", message);
    this.cause = cause;
  }
}

/** Not enough replicas answered in time. A write that ends so certainly did not happen, and never will. */
export class UnavailableError extends CacheError {
  readonly answers: ReplicaAnswers | null;

  constructor(message: string, answers: ReplicaAnswers | null = null) {
    super("unavailable", message);
    this.answers = answers;
  }
}

/** The write was sent, but not enough replicas confirmed it in time: it may happen, now or later, or never. */
export class IndeterminateError extends CacheError {
  readonly answers: ReplicaAnswers | null;

  /** @param cause what a policy threw, if that is why */
  constructor(message: string, answers: ReplicaAnswers | null = null, cause?: unknown) {
    super("indeterminate", message);
    this.answers = answers;
    if (cause !== undefined) this.cause = cause;
  }
}

/** Too many owners of the key have no room for a new one. The write certainly did not happen. */
export class StoreFullError extends CacheError {
  constructor(message: string) {
    super("store-full", message);
  }
}

/**
 * The loader threw, took too long, or gave what cannot be a value; `cause` is what it threw, if it did. Nothing was
 * stored, and the next caller loads again.
 */
export class LoadError extends CacheError {
  constructor(message: string, cause: unknown) {
    super("load-failed", message);
    this.cause = cause;
  }
}

/** The caller gave up. What others wait for goes on. */
export class AbortedError extends CacheError {
  constructor(key: string) {
    super("aborted", `the call for "${key}" was aborted by its signal; a load that others wait for goes on`);
  }
}

/** The cache had been stopped before the call. */
export class StoppedError extends CacheError {
  constructor(message = "the cache was stopped; create another one to go on") {
    super("stopped", message);
  }
}

/** The connection to a peer broke, or could not be made: the peer is down. */
export class ConnectionResetError extends CacheError {
  readonly peer: string;

  constructor(peer: string) {
    super("connection-reset", `connection reset by ${peer}`);
    this.peer = peer;
  }
}

/** Another change of members was decided instead of this one, which has not happened. */
export class ConflictingChangeError extends CacheError {
  constructor(message: string) {
    super("conflicting-change", message);
  }
}
