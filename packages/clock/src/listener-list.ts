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

/** `onError` hears what listeners throw, and what the promises that they return reject with. */
export function createListenerList<Event>(
  onError: (error: unknown, event: Event) => void,
): ListenerList<Event> {
  let listeners: readonly Listener<Event>[] = [];

  function replaceBy(next: readonly Listener<Event>[]): void {
    listeners = next;
    list.size = next.length;
  }

  function call(listener: Listener<Event>, event: Event): void {
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

  const list = {
    // A plain property, because whoever has something to tell reads it each time.
    size: 0,
    add(listener: Listener<Event>) {
      if (!listeners.includes(listener)) replaceBy([...listeners, listener]);
      let isListening = true;
      return () => {
        if (!isListening) return;
        isListening = false;
        replaceBy(listeners.filter((other) => other !== listener));
      };
    },
    notify(event: Event) {
      const atStart = listeners;
      for (const listener of atStart) {
        if (listeners === atStart || listeners.includes(listener)) call(listener, event);
      }
    },
  };
  return list;
}
