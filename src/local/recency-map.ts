/**
 * A map in the order of last use, each step O(1). (A `Map` keeps insertion order too, but finding its first key means
 * walking over all that were deleted before it.)
 */
export class RecencyMap<Value> {
  private readonly places = new Map<string, Place<Value>>();
  /** The one used longest ago, and the one used last. */
  private first: Place<Value> | null = null;
  private last: Place<Value> | null = null;

  get size(): number {
    return this.places.size;
  }

  /** The value; its key is the newest from now on. */
  use(key: string): Value | undefined {
    const place = this.places.get(key);
    if (place === undefined) return undefined;
    if (place !== this.last) {
      this.unlink(place);
      this.append(place);
    }
    return place.value;
  }

  /** The value, which does not count as a use. */
  peek(key: string): Value | undefined {
    return this.places.get(key)?.value;
  }

  /** The key is the newest from now on. */
  set(key: string, value: Value): void {
    const known = this.places.get(key);
    if (known !== undefined) this.unlink(known);
    const place: Place<Value> = { key, value, previous: null, next: null };
    this.places.set(key, place);
    this.append(place);
  }

  delete(key: string): void {
    const place = this.places.get(key);
    if (place === undefined) return;
    this.unlink(place);
    this.places.delete(key);
  }

  clear(): void {
    this.places.clear();
    this.first = null;
    this.last = null;
  }

  oldest(): string | undefined {
    return this.first?.key;
  }

  private append(place: Place<Value>): void {
    place.previous = this.last;
    place.next = null;
    if (this.last === null) this.first = place;
    else this.last.next = place;
    this.last = place;
  }

  private unlink({ previous, next }: Place<Value>): void {
    if (previous === null) this.first = next;
    else previous.next = next;
    if (next === null) this.last = previous;
    else next.previous = previous;
  }
}

interface Place<Value> {
  readonly key: string;
  readonly value: Value;
  previous: Place<Value> | null;
  next: Place<Value> | null;
}
