import { type AuditFilters, isOf } from "./audit-log.ts";
import type { CacheEvent } from "./events.ts";

export type EventFilters = Omit<AuditFilters, "since">;
export type EventListener = (event: CacheEvent) => void;

/** Who is told of events as they happen. */
export interface Subscriptions {
  /** Returns a way to end it. The same listener may subscribe several times. */
  subscribe(listener: EventListener, filters?: EventFilters): () => void;
  /** Never throws: watching must not change what is watched. */
  tell(event: CacheEvent): void;
}

interface Subscription {
  readonly listener: EventListener;
  readonly filters: EventFilters;
}

export function createSubscriptions(first: EventListener | undefined): Subscriptions {
  // Replaced, not changed: whoever ends a subscription while all are told skips nobody.
  let subscriptions: readonly Subscription[] = first === undefined ? [] : [{ listener: first, filters: {} }];

  return {
    subscribe(listener, filters = {}) {
      const subscription = { listener, filters };
      subscriptions = [...subscriptions, subscription];
      return () => {
        subscriptions = subscriptions.filter((other) => other !== subscription);
      };
    },
    tell(event) {
      for (const { listener, filters } of subscriptions) {
        if (!isOf(event, filters)) continue;
        try {
          listener(event);
        } catch {
          // A listener that fails must not keep the others from hearing, nor the cache from working.
        }
      }
    },
  };
}
