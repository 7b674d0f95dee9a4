/**
 * A few numbers shared between the campaign and its workers, so that a worker in the middle of a batch can be
 * asked to stop, shows how far it is, and, should it die, which seed killed it.
 */
export interface Control {
  /** Hand it to a worker, which opens it with {@link openControl}. */
  readonly buffer: SharedArrayBuffer;
  requestStop(): void;
  /** Takes the request back, once everything has stopped. */
  resume(): void;
  isStopRequested(): boolean;
  /** Tells that a batch begins to run `seed`, having finished `doneCount` seeds. */
  show(slot: number, progress: SlotProgress): void;
  /** Nothing runs in the slot. */
  clear(slot: number): void;
  progress(slot: number): SlotProgress | null;
  /** Of all slots in which something runs. */
  allProgress(): readonly SlotProgress[];
}

/** How far the batch is that runs in a slot. */
export interface SlotProgress {
  readonly seed: number;
  readonly doneCount: number;
  readonly violatingCount: number;
}

const STOP_BYTES = 8;
const NUMBERS_PER_SLOT = 4;
const BYTES_PER_NUMBER = 8;

/** @param slotCount how many batches may run at once */
export function createControl(slotCount: number): Control {
  return openControl(new SharedArrayBuffer(STOP_BYTES + slotCount * NUMBERS_PER_SLOT * BYTES_PER_NUMBER));
}

export function openControl(buffer: SharedArrayBuffer): Control {
  const stop = new Int32Array(buffer, 0, 1);
  const numbers = new Float64Array(buffer, STOP_BYTES);
  const slotCount = numbers.length / NUMBERS_PER_SLOT;

  function progress(slot: number): SlotProgress | null {
    const place = slot * NUMBERS_PER_SLOT;
    const [isBusy, seed, doneCount, violatingCount] = numbers.subarray(place, place + NUMBERS_PER_SLOT);
    if (isBusy !== 1) return null;
    return { seed: seed ?? 0, doneCount: doneCount ?? 0, violatingCount: violatingCount ?? 0 };
  }

  return {
    buffer,
    requestStop: () => void Atomics.store(stop, 0, 1),
    resume: () => void Atomics.store(stop, 0, 0),
    isStopRequested: () => Atomics.load(stop, 0) === 1,
    show(slot, { seed, doneCount, violatingCount }) {
      numbers.set([1, seed, doneCount, violatingCount], slot * NUMBERS_PER_SLOT);
    },
    clear(slot) {
      numbers[slot * NUMBERS_PER_SLOT] = 0;
    },
    progress,
    allProgress: () =>
      Array.from({ length: slotCount }, (_, slot) => progress(slot)).filter((shown) => shown !== null),
  };
}
