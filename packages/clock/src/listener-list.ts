/** Hears of something. May be asynchronous; nobody waits for it. */
export type Listener<Event> = (event: Event) => void | Promise<void>;

/**
 * Listeners in the order in which they came. The list is replaced when one comes or goes, so that telling them
 * needs no copy: one that comes meanwhile waits for the next event, one that goes meanwhile is not called any
 * more. Adding the same function again changes nothing.
 *
 * `notify` costs O(listeners) and allocates nothing; `add` and the function it returns cost O(listeners).
 */
export interface ListenerList<Event> {
  readonly size: number;
  /** Returns what removes the listener again; harmless the second time. */
  add(listener: Listener<Event>): () => void;
  notify(event: Event): void;
}

/** A class, and not a closure: every atom and every journal has one. */
class Listeners<Event> implements ListenerList<Event> {
  // A plain property, because whoever has something to tell reads it each time.
  declare size: number;
  declare private listeners: readonly Listener<Event>[];
  declare private readonly onError: (error: unknown, event: Event) => void;

  constructor(onError: (error: unknown, event: Event) => void) {
    this.size = 0;
    this.listeners = NOBODY;
    this.onError = onError;
  }

  add(listener: Listener<Event>): () => void {
    if (!this.listeners.includes(listener)) this.replaceBy([...this.listeners, listener]);
    let isListening = true;
    return () => {
      if (!isListening) return;
      isListening = false;
      this.replaceBy(this.listeners.filter((other) => other !== listener));
    };
  }

  notify(event: Event): void {
    const atStart = this.listeners;
    for (const listener of atStart) {
      if (this.listeners === atStart || this.listeners.includes(listener)) this.call(listener, event);
    }
  }

  private replaceBy(next: readonly Listener<Event>[]): void {
    this.listeners = next;
    this.size = next.length;
  }

  private call(listener: Listener<Event>, event: Event): void {
    const { onError } = this;
    let result: void | Promise<void>;
    try {
      result = listener(event);
    } catch (error) {
      onError(error, event);
      return;
    }
    if (result === undefined || typeof result?.then !== "function") return;
    Promise.resolve(result).catch((error: unknown) => onError(error, event));
  }
}

const NOBODY: readonly never[] = [];

/** `onError` hears what listeners throw, and what the promises that they return reject with. */
export function createListenerList<Event>(
  onError: (error: unknown, event: Event) => void,
): ListenerList<Event> {
  return new Listeners(onError);
}
