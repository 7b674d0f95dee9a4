import fc from "fast-check";
import type { CacheRecord } from "../../../src/record.ts";
import type { Version } from "../../../src/version.ts";
import type { Json, KnownIncarnation, Message } from "../../../src/wire/messages.ts";

/** Well-formed text of any script; lone surrogates have no UTF-8 and are refused before they get here. */
export const text = fc.string({ unit: "binary", maxLength: 40 });
const counter = fc.maxSafeNat();
const version: fc.Arbitrary<Version> = fc.record({ counter, node: text, incarnation: counter });
const record: fc.Arbitrary<CacheRecord> = fc.record({
  key: text,
  version,
  value: fc.option(text),
  expireAtMs: fc.double({ noNaN: true, noDefaultInfinity: true }),
  operation: counter,
});
const known: fc.Arbitrary<KnownIncarnation[]> = fc.array(fc.record({ node: text, incarnation: counter }), {
  maxLength: 5,
});
const body = fc.jsonValue().map((value): Json => JSON.parse(JSON.stringify(value)) as Json);
const request = { incarnation: counter, request: counter };
const reply = { ...request, requester: counter, known };

export const message: fc.Arbitrary<Message> = fc.oneof(
  fc.record({
    type: fc.constant("read" as const),
    ...request,
    key: text,
    wants: fc.constantFrom("record" as const, "version" as const),
  }),
  fc
    .record({ ...reply, isFull: fc.boolean(), held: fc.option(record), isShort: fc.boolean() })
    .map(({ held, isShort, ...head }): Message => ({
      type: "read-reply",
      ...head,
      version: held?.version ?? null,
      record: isShort ? null : held,
    })),
  fc.record({ type: fc.constant("store" as const), ...request, record }),
  fc.record({ type: fc.constant("store-reply" as const), ...reply, isStored: fc.boolean() }),
  fc.record({ type: fc.constant("erase" as const), ...request, key: text }),
  fc.record({ type: fc.constant("ping" as const), ...request }),
  fc.record({ type: fc.constant("pong" as const), ...reply }),
  fc.record({ type: fc.constant("compare" as const), ...request, count: counter, digest: counter }),
  fc.record({ type: fc.constant("compare-reply" as const), ...reply, isEqual: fc.boolean() }),
  fc.record({
    type: fc.constant("pull" as const),
    ...request,
    after: fc.option(text),
    upTo: fc.option(text),
    held: fc.array(fc.record({ key: text, version }), { maxLength: 8 }),
  }),
  fc.record({
    type: fc.constant("pull-reply" as const),
    ...reply,
    records: fc.array(record, { maxLength: 8 }),
    coveredTo: fc.option(text),
    missing: fc.array(text, { maxLength: 3 }),
  }),
  fc.record({
    type: fc.constant("policy" as const),
    ...request,
    kind: text,
    key: text,
    record: fc.option(record),
    body,
  }),
  fc.record({ type: fc.constant("policy-reply" as const), ...reply, record: fc.option(record), body }),
);
