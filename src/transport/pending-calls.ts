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

export function createPendingCalls<Call>(): PendingCalls<Call> {
  return new CallRing<Call>();
}

/** Copied for each ring: that is far cheaper than filling one. */
const NO_CALLS: readonly undefined[] = Array.from({ length: SLOTS_FIRST }, () => undefined);
const NO_REQUESTS: readonly number[] = Array.from({ length: SLOTS_FIRST }, () => -1);

class CallRing<Call> implements PendingCalls<Call> {
  private calls: (Call | undefined)[] = NO_CALLS.slice();
  /** The number of the call in each slot. */
  private requests: number[] = NO_REQUESTS.slice();

  set(request: number, call: Call): void {
    let slot = request & (this.calls.length - 1);
    while (this.calls[slot] !== undefined && this.requests[slot] !== request) {
      this.grow();
      slot = request & (this.calls.length - 1);
    }
    this.requests[slot] = request;
    this.calls[slot] = call;
  }

  get(request: number): Call | undefined {
    const slot = request & (this.calls.length - 1);
    return this.requests[slot] === request ? this.calls[slot] : undefined;
  }

  delete(request: number): void {
    const slot = request & (this.calls.length - 1);
    if (this.requests[slot] === request) this.calls[slot] = undefined;
  }

  all(): Call[] {
    return this.calls.filter((call) => call !== undefined);
  }

  clear(): void {
    this.calls.fill(undefined);
  }

  /** Doubles until all that wait have slots of their own. */
  private grow(): void {
    const { calls, requests } = this;
    for (let size = calls.length * 2; ; size *= 2) {
      this.calls = Array.from<Call | undefined>({ length: size }).fill(undefined);
      this.requests = Array.from<number>({ length: size }).fill(-1);
      const fits = calls.every(
        (call, slot) => call === undefined || this.place(requests[slot] as number, call),
      );
      if (fits) return;
    }
  }

  private place(request: number, call: Call): boolean {
    const slot = request & (this.calls.length - 1);
    if (this.calls[slot] !== undefined) return false;
    this.requests[slot] = request;
    this.calls[slot] = call;
    return true;
  }
}
