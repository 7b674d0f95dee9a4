/**
 * A list that runs through its items, which may leave it at any time.
 *
 * A set would do, but what a long-lived process starts comes and goes by the million, and the tables of a set that
 * things come and go in keep alive for long what has gone. An item is in one list at a time. All cost O(1), but for
 * `items`.
 */
export interface Linked<T> {
  older: T | undefined;
  newer: T | undefined;
  isListed: boolean;
}

export class LinkedList<T extends Linked<T>> {
  declare private newest: T | undefined;

  constructor() {
    this.newest = undefined;
  }

  get isEmpty(): boolean {
    return this.newest === undefined;
  }

  add(item: T): void {
    const older = this.newest;
    if (older !== undefined) older.newer = item;
    item.older = older;
    item.isListed = true;
    this.newest = item;
  }

  /** False when it is not in the list any more. */
  remove(item: T): boolean {
    if (!item.isListed) return false;
    const { older, newer } = item;
    if (newer === undefined) this.newest = older;
    else newer.older = older;
    if (older !== undefined) older.newer = newer;
    item.older = undefined;
    item.newer = undefined;
    item.isListed = false;
    return true;
  }

  /** All of them, oldest first, whatever happens to the list meanwhile. */
  items(): T[] {
    const items: T[] = [];
    for (let item = this.newest; item !== undefined; item = item.older) items.push(item);
    return items.reverse();
  }
}
