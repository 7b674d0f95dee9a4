/**
 * A bounded queue in a ring: every operation costs O(1), also dropping the oldest of a full one.
 *
 * The ring starts small and doubles up to the bound, so that a thousand idle processes cost little.
 */
import type { MailboxPolicy } from "./types.ts";

export interface Mailbox<Item> {
  readonly size: number;
  readonly isFull: boolean;
  /** Takes the item in. Returns what had to leave: nothing, the oldest item, or the new one. */
  put(item: Item): Item | undefined;
  take(): Item | undefined;
  /** Empties it, oldest first. */
  drain(): Item[];
}

const RING_SIZE_MIN = 8;

export function createMailbox<Item extends object>(sizeMax: number, policy: MailboxPolicy): Mailbox<Item> {
  let ring: (Item | undefined)[] = [];
  let first = 0;
  let size = 0;

  function grow(): void {
    const larger: (Item | undefined)[] = Array.from({ length: Math.max(RING_SIZE_MIN, ring.length * 2) });
    for (let index = 0; index < size; index++) larger[index] = ring[(first + index) % ring.length];
    ring = larger;
    first = 0;
  }

  function take(): Item | undefined {
    if (size === 0) return undefined;
    const item = ring[first];
    ring[first] = undefined;
    first = (first + 1) % ring.length;
    size--;
    return item;
  }

  return {
    get size() {
      return size;
    },
    get isFull() {
      return size >= sizeMax;
    },
    put(item) {
      if (size >= sizeMax && policy === "reject") return item;
      const dropped = size >= sizeMax ? take() : undefined;
      if (size === ring.length) grow();
      ring[(first + size) % ring.length] = item;
      size++;
      return dropped;
    },
    take,
    drain() {
      const items: Item[] = [];
      for (let item = take(); item !== undefined; item = take()) items.push(item);
      ring = [];
      first = 0;
      return items;
    },
  };
}
