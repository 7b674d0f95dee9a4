/**
 * A flag that goes up once, and tells whoever asked to be told.
 *
 * `onCancel` and its unsubscribe cost O(1), `cancel` O(listeners). A token nobody listens to holds no list.
 * A token with a parent goes up with it; the link is one listener at the parent until the token is cancelled.
 */
import { type IdSource, standaloneId } from "./ids.ts";

export interface CancelToken {
  readonly id: string;
  isCanceled(): boolean;
  /** Calls back once: when cancelled, or at once if that has happened. Errors of the callback are swallowed. */
  onCancel(callback: () => void): () => void;
  cancel(reason?: unknown): void;
}

interface Listener {
  readonly callback: () => void;
}

class CancelTokenImpl implements CancelToken {
  private canceled = false;
  private listeners: Set<Listener> | undefined;
  private leaveParent: (() => void) | undefined;
  private readonly idSource: IdSource;
  private assignedId: string | undefined;

  constructor(parent: CancelToken | undefined, idSource: IdSource) {
    this.idSource = idSource;
    const leave = parent?.onCancel(() => this.cancel());
    if (!this.canceled) this.leaveParent = leave;
  }

  get id(): string {
    return (this.assignedId ??= this.idSource("cancel"));
  }

  isCanceled(): boolean {
    return this.canceled;
  }

  onCancel(callback: () => void): () => void {
    if (this.canceled) {
      callQuietly(callback);
      return ignore;
    }
    const listener: Listener = { callback };
    const listeners = (this.listeners ??= new Set());
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  }

  cancel(): void {
    if (this.canceled) return;
    this.canceled = true;
    this.leaveParent?.();
    this.leaveParent = undefined;
    const listeners = this.listeners;
    this.listeners = undefined;
    if (listeners === undefined) return;
    for (const listener of listeners) {
      listeners.delete(listener);
      callQuietly(listener.callback);
    }
  }
}

export function createCancelToken(parent?: CancelToken): CancelToken {
  return new CancelTokenImpl(parent, standaloneId);
}

/** A token that takes its id, if anybody asks for it, from the run it belongs to. */
export function createOwnedCancelToken(idSource: IdSource): CancelToken {
  return new CancelTokenImpl(undefined, idSource);
}

function callQuietly(callback: () => void): void {
  try {
    callback();
  } catch {
    // One listener must not keep the others from hearing.
  }
}

function ignore(): void {}
