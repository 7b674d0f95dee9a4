/**
 * An indexed 4-ary min-heap of timers, ordered by `(due, tie, sequence)`.
 *
 * Four children a node halve the depth of a binary heap, so a pop touches fewer cache lines. Every entry
 * knows its place, so that cancelling a timer removes it at once instead of leaving it behind.
 *
 * `push`, `pop` and `remove` cost O(log n); `peek` and `size` O(1).
 */

/** What the queue needs to know of a timer. The queue owns `sequence` and `place`. */
export interface QueueEntry {
  /** When it is due, in whatever unit the owner counts. */
  due: number;
  /** Orders entries that are due at the same time; 0 keeps the order of insertion. */
  tie: number;
  /** Order of insertion, the last resort. Set by `push`. */
  sequence: number;
  /** Where the entry is in the heap, or -1 when it is not queued. Kept by the queue. */
  place: number;
}

export interface TimerQueue<T extends QueueEntry> {
  readonly size: number;
  push(entry: T): void;
  peek(): T | undefined;
  pop(): T | undefined;
  /** Takes the entry out, wherever it is. False when it was not queued. */
  remove(entry: T): boolean;
  /** Takes out every entry that matches, in O(n). Returns how many. */
  removeWhere(matches: (entry: T) => boolean): number;
  clear(): void;
}

const BRANCHES_LOG2 = 2;
const BRANCHES = 1 << BRANCHES_LOG2;

function isBefore(a: QueueEntry, b: QueueEntry): boolean {
  if (a.due !== b.due) return a.due < b.due;
  if (a.tie !== b.tie) return a.tie < b.tie;
  return a.sequence < b.sequence;
}

/** A class, and not a closure: many queues of one shape keep their call sites fast. */
class FourAryHeap<T extends QueueEntry> implements TimerQueue<T> {
  private readonly heap: T[] = [];
  private nextSequence = 0;

  get size(): number {
    return this.heap.length;
  }

  push(entry: T): void {
    entry.sequence = this.nextSequence++;
    this.heap.push(entry);
    this.siftUp(entry, this.heap.length - 1);
  }

  peek(): T | undefined {
    return this.heap[0];
  }

  pop(): T | undefined {
    const top = this.heap[0];
    if (top === undefined) return undefined;
    this.removeAt(0);
    top.place = -1;
    return top;
  }

  remove(entry: T): boolean {
    if (entry.place < 0 || this.heap[entry.place] !== entry) return false;
    this.removeAt(entry.place);
    entry.place = -1;
    return true;
  }

  removeWhere(matches: (entry: T) => boolean): number {
    const { heap } = this;
    const kept: T[] = [];
    for (const entry of heap) {
      if (matches(entry)) entry.place = -1;
      else kept.push(entry);
    }
    const removed = heap.length - kept.length;
    if (removed > 0) {
      heap.length = 0;
      for (const entry of kept) {
        heap.push(entry);
        this.siftUp(entry, heap.length - 1);
      }
    }
    return removed;
  }

  clear(): void {
    for (const entry of this.heap) entry.place = -1;
    this.heap.length = 0;
  }

  private siftUp(entry: T, start: number): void {
    const { heap } = this;
    let place = start;
    while (place > 0) {
      const parentPlace = (place - 1) >> BRANCHES_LOG2;
      const parent = heap[parentPlace] as T;
      if (!isBefore(entry, parent)) break;
      heap[place] = parent;
      parent.place = place;
      place = parentPlace;
    }
    heap[place] = entry;
    entry.place = place;
  }

  private siftDown(entry: T, start: number): void {
    const { heap } = this;
    const size = heap.length;
    let place = start;
    for (;;) {
      const first = (place << BRANCHES_LOG2) + 1;
      if (first >= size) break;
      const end = first + BRANCHES < size ? first + BRANCHES : size;
      let leastPlace = first;
      let least = heap[first] as T;
      for (let child = first + 1; child < end; child++) {
        const candidate = heap[child] as T;
        if (isBefore(candidate, least)) {
          least = candidate;
          leastPlace = child;
        }
      }
      if (!isBefore(least, entry)) break;
      heap[place] = least;
      least.place = place;
      place = leastPlace;
    }
    heap[place] = entry;
    entry.place = place;
  }

  private removeAt(place: number): void {
    const { heap } = this;
    const last = heap.pop() as T;
    if (place === heap.length) return;
    if (place > 0 && isBefore(last, heap[(place - 1) >> BRANCHES_LOG2] as T)) this.siftUp(last, place);
    else this.siftDown(last, place);
  }
}

export function createTimerQueue<T extends QueueEntry>(): TimerQueue<T> {
  return new FourAryHeap<T>();
}
