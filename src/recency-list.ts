/**
 * Keys in the order of their last use, each step O(1). (A `Map` keeps insertion order too, but finding its first key
 * means walking over all that were deleted before it.)
 */
export class RecencyList {
  private readonly places = new Map<string, Place>();
  /** A ring: its next is the oldest, its previous the newest. */
  private readonly ring: Place = createRing();

  get size(): number {
    return this.places.size;
  }

  /** The key is the newest now, whether or not it was here. */
  use(key: string): void {
    let place = this.places.get(key);
    if (place === undefined) {
      place = { key, previous: this.ring, next: this.ring };
      this.places.set(key, place);
    } else if (place === this.ring.previous) return;
    else unlink(place);
    this.link(place);
  }

  /** The same, for a key that is here; others are left out. */
  useIfHeld(key: string): void {
    if (this.places.has(key)) this.use(key);
  }

  delete(key: string): void {
    const place = this.places.get(key);
    if (place === undefined) return;
    unlink(place);
    this.places.delete(key);
  }

  oldest(): string | undefined {
    return this.ring.next === this.ring ? undefined : this.ring.next.key;
  }

  private link(place: Place): void {
    const { ring } = this;
    place.previous = ring.previous;
    place.next = ring;
    ring.previous.next = place;
    ring.previous = place;
  }
}

interface Place {
  readonly key: string;
  previous: Place;
  next: Place;
}

function unlink(place: Place): void {
  place.previous.next = place.next;
  place.next.previous = place.previous;
}

/** The place before the oldest and after the newest; it has no key. */
class Ring implements Place {
  readonly key = "";
  previous: Place = this;
  next: Place = this;
}

function createRing(): Place {
  return new Ring();
}
