import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRequestLedger } from "../../../src/primary/request-ledger.ts";

describe("a ledger of requests", () => {
  test("carries each out once, whatever comes how often and in whatever order", () => {
    // Each operation is sent several times; the oldest open one is told as of the sending.
    const sending = fc.record({ number: fc.integer({ min: 1, max: 6 }), lag: fc.nat(5) });
    fc.assert(
      fc.property(fc.array(sending, { maxLength: 40 }), (sendings) => {
        const ledger = createRequestLedger<{ readonly of: number }>();
        const carriedOut: number[] = [];
        for (const { number, lag } of sendings) {
          const seen = ledger.look("n1", 1, { number, oldestOpen: Math.max(1, number - lag), attempt: 1 });
          if (seen === "fresh") {
            carriedOut.push(number);
            ledger.note("n1", number, { of: number });
          } else if (typeof seen === "object") expect(seen.of).toBe(number);
        }
        expect(new Set(carriedOut).size).toBe(carriedOut.length);
      }),
    );
  });

  test("drops what is over, and forgets its outcome", () => {
    const ledger = createRequestLedger<object>();
    expect(ledger.look("n1", 1, { number: 1, oldestOpen: 1, attempt: 1 })).toBe("fresh");
    ledger.note("n1", 1, {});
    expect(ledger.look("n1", 1, { number: 2, oldestOpen: 2, attempt: 1 })).toBe("fresh");
    expect(ledger.look("n1", 1, { number: 1, oldestOpen: 1, attempt: 1 })).toBe("over");
  });

  test("carries out no attempt again that was refused, and a later one once", () => {
    const ledger = createRequestLedger<{ readonly of: number }>();
    const first = { number: 1, oldestOpen: 1, attempt: 1 };
    const later = { ...first, attempt: 3 };
    expect(ledger.look("n1", 1, first)).toBe("fresh");
    ledger.refuse("n1", first);
    expect(ledger.look("n1", 1, first)).toBe("refused");
    expect(ledger.look("n1", 1, later)).toBe("fresh");
    ledger.note("n1", 1, { of: 3 });
    expect(ledger.look("n1", 1, later)).toEqual({ of: 3 });
    expect(ledger.look("n1", 1, { ...first, number: 2, oldestOpen: 2 })).toBe("fresh");
    expect(ledger.look("n1", 1, first)).toBe("over");
  });

  test("starts anew with a node's next life, and hears no more of the former one", () => {
    const ledger = createRequestLedger<object>();
    ledger.look("n1", 1, { number: 1, oldestOpen: 1, attempt: 1 });
    ledger.note("n1", 1, {});
    expect(ledger.look("n1", 2, { number: 1, oldestOpen: 1, attempt: 1 })).toBe("fresh");
    expect(ledger.look("n1", 1, { number: 7, oldestOpen: 1, attempt: 1 })).toBe("over");
    expect(ledger.look("n2", 1, { number: 1, oldestOpen: 1, attempt: 1 })).toBe("fresh");
  });
});
