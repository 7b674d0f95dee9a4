/**
 * A bounded queue: a list that runs through its items. Every operation costs O(1), also dropping the oldest of a
 * full one, and an empty mailbox takes no room, so that a thousand idle processes cost little.
 */
import type { MailboxPolicy } from "./types.ts";

/** What can lie in a mailbox. The mailbox owns `next`. */
export interface Queued<Item> {
  next: Item | undefined;
}

export class Mailbox<Item extends Queued<Item>> {
  declare size: number;
  declare readonly policy: MailboxPolicy;
  declare private readonly sizeMax: number;
  declare private oldest: Item | undefined;
  declare private newest: Item | undefined;

  constructor(sizeMax: number, policy: MailboxPolicy) {
    this.size = 0;
    this.policy = policy;
    this.sizeMax = sizeMax;
    this.oldest = undefined;
    this.newest = undefined;
  }

  get isFull(): boolean {
    return this.size >= this.sizeMax;
  }

  /** Takes the item in. Returns what had to leave: nothing, the oldest item, or the new one. */
  put(item: Item): Item | undefined {
    const { isFull } = this;
    if (isFull && this.policy === "reject") return item;
    const dropped = isFull ? this.take() : undefined;
    if (this.newest === undefined) this.oldest = item;
    else this.newest.next = item;
    this.newest = item;
    this.size++;
    return dropped;
  }

  take(): Item | undefined {
    const item = this.oldest;
    if (item === undefined) return undefined;
    this.oldest = item.next;
    if (item.next === undefined) this.newest = undefined;
    item.next = undefined;
    this.size--;
    return item;
  }

  /** Empties it, oldest first. */
  drain(): Item[] {
    const items: Item[] = [];
    for (let item = this.take(); item !== undefined; item = this.take()) items.push(item);
    return items;
  }
}
