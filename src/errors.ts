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
  | "unavailable"
  | "indeterminate"
  | "store-full"
  | "replication-failed"
  | "conflicting-change"
  | "connection-reset"
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

/** What each replica that was asked answered, for the message and for programs. */
export interface ReplicaAnswers {
  readonly answered: readonly string[];
  readonly silent: readonly string[];
  /** How many had to answer. */
  readonly needed: number;
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

  constructor(message: string, answers: ReplicaAnswers | null = null) {
    super("indeterminate", message);
    this.answers = answers;
  }
}

/** Too many owners of the key have no room for a new one. The write certainly did not happen. */
export class StoreFullError extends CacheError {
  constructor(message: string) {
    super("store-full", message);
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
