/**
 * What waits for replies, by request number. Numbers are given out in order and forgotten soon, so a ring of slots
 * serves: O(1), and nothing is allocated for a call. (A `Map` that is filled and emptied all the time leaves old
 * tables behind, and each keeps what it held from being collected for a while.)
 */
export interface PendingCalls<Call> {
  set(request: number, call: Call): void;
  get(request: number): Call | undefined;
  delete(request: number): void;
  /** Those waiting now; changes made meanwhile are not seen. */
  all(): Call[];
  clear(): void;
}

const SLOTS_FIRST = 16;

interface Slot<Call> {
  request: number;
  call: Call | undefined;
}

export function createPendingCalls<Call>(): PendingCalls<Call> {
  let slots = emptySlots<Call>(SLOTS_FIRST);

  function slotOf(request: number): Slot<Call> {
    return slots[request & (slots.length - 1)] as Slot<Call>;
  }

  /** Doubles until all that wait have slots of their own. */
  function grow(): void {
    const waiting = slots.filter(({ call }) => call !== undefined);
    let size = slots.length;
    let isFree: boolean;
    do {
      size *= 2;
      slots = emptySlots(size);
      isFree = waiting.every(({ request, call }) => {
        const slot = slotOf(request);
        if (slot.call !== undefined) return false;
        slot.request = request;
        slot.call = call;
        return true;
      });
    } while (!isFree);
  }

  return {
    set(request, call) {
      let slot = slotOf(request);
      while (slot.call !== undefined && slot.request !== request) {
        grow();
        slot = slotOf(request);
      }
      slot.request = request;
      slot.call = call;
    },
    get(request) {
      const slot = slotOf(request);
      return slot.request === request ? slot.call : undefined;
    },
    delete(request) {
      const slot = slotOf(request);
      if (slot.request === request) slot.call = undefined;
    },
    all: () => slots.flatMap(({ call }) => (call === undefined ? [] : [call])),
    clear() {
      slots = emptySlots(SLOTS_FIRST);
    },
  };
}

function emptySlots<Call>(size: number): Slot<Call>[] {
  return Array.from({ length: size }, () => ({ request: -1, call: undefined }));
}
