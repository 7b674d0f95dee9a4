/** Who was at work when an update came in between. */
export type AtomBusyWith = "watcher" | "update";

/**
 * An update was made from inside a watcher, or from inside the function of another update, of the same atom.
 * The first would let the watchers behind it see changes out of order; the second would be lost, as the outer
 * update overwrites it. The atom is unchanged by the refused update.
 */
export class AtomReentrancyError extends Error {
  override readonly name = "AtomReentrancyError";
  readonly inside: AtomBusyWith;

  constructor(inside: AtomBusyWith) {
    super(
      inside === "watcher"
        ? "reentrant update: an atom cannot be updated from inside its own watcher; defer it with queueMicrotask"
        : "reentrant update: an atom cannot be updated from inside another update of it; return the new value instead",
    );
    this.inside = inside;
  }
}
