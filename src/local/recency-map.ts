/**
 * A map in the order of last use, each step O(1). (A `Map` keeps insertion order too, but finding its first key means
 * walking over all that were deleted before it.)
 *
 * Each key has a slot, and the order is a list of slots in two arrays of numbers: to move a key touches a few bytes
 * that lie close together, and nothing that the garbage collector has to look at.
 */
export class RecencyMap<Value> {
  private readonly slots = new Map<string, number>();
  private readonly keys: (string | undefined)[] = [];
  private readonly values: (Value | undefined)[] = [];
  /** Of each slot, the one used before it and the one used after it, or `NONE`. */
  private before = new Int32Array(SLOTS_MIN);
  private after = new Int32Array(SLOTS_MIN);
  /** Slots that are free again. */
  private readonly free: number[] = [];
  /** The slot used longest ago, and the one used last. */
  private first = NONE;
  private last = NONE;

  get size(): number {
    return this.slots.size;
  }

  /** The value; its key is the newest from now on. */
  use(key: string): Value | undefined {
    const slot = this.useSlot(key);
    return slot === undefined ? undefined : this.values[slot];
  }

  /**
   * The slot of a key, which is the newest from now on: a small whole number that is the key's own until it is deleted,
   * so that more can be kept of it in arrays.
   */
  useSlot(key: string): number | undefined {
    const slot = this.slots.get(key);
    if (slot === undefined || slot === this.last) return slot;
    this.unlink(slot);
    this.append(slot);
    return slot;
  }

  /** The slot, which does not count as a use. */
  slotOf(key: string): number | undefined {
    return this.slots.get(key);
  }

  at(slot: number): Value | undefined {
    return this.values[slot];
  }

  /** The value, which does not count as a use. */
  peek(key: string): Value | undefined {
    const slot = this.slots.get(key);
    return slot === undefined ? undefined : this.values[slot];
  }

  /** The key is the newest from now on. Returns its slot. */
  set(key: string, value: Value): number {
    let slot = this.slots.get(key);
    if (slot === undefined) {
      slot = this.free.pop() ?? this.keys.length;
      if (slot === this.before.length) this.grow();
      this.slots.set(key, slot);
      this.keys[slot] = key;
    } else {
      this.unlink(slot);
    }
    this.values[slot] = value;
    this.append(slot);
    return slot;
  }

  delete(key: string): void {
    const slot = this.slots.get(key);
    if (slot === undefined) return;
    this.unlink(slot);
    this.slots.delete(key);
    this.keys[slot] = undefined;
    this.values[slot] = undefined;
    this.free.push(slot);
  }

  clear(): void {
    this.slots.clear();
    this.keys.length = 0;
    this.values.length = 0;
    this.free.length = 0;
    this.first = NONE;
    this.last = NONE;
  }

  oldest(): string | undefined {
    return this.first === NONE ? undefined : this.keys[this.first];
  }

  private grow(): void {
    const { before, after } = this;
    this.before = new Int32Array(2 * before.length);
    this.after = new Int32Array(2 * after.length);
    this.before.set(before);
    this.after.set(after);
  }

  private append(slot: number): void {
    this.before[slot] = this.last;
    this.after[slot] = NONE;
    if (this.last === NONE) this.first = slot;
    else this.after[this.last] = slot;
    this.last = slot;
  }

  private unlink(slot: number): void {
    const before = this.before[slot] ?? NONE;
    const after = this.after[slot] ?? NONE;
    if (before === NONE) this.first = after;
    else this.after[before] = after;
    if (after === NONE) this.last = before;
    else this.before[after] = before;
  }
}

const NONE = -1;
const SLOTS_MIN = 16;
