import fc from "fast-check";
import type { Votes } from "../../../src/agreement.ts";
import type { Configuration, Member } from "../../../src/configuration.ts";
import type { CacheRecord } from "../../../src/record.ts";
import type { Version } from "../../../src/version.ts";
import type { KnownIncarnation, Message } from "../../../src/wire/messages.ts";

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
const members: fc.Arbitrary<Member[]> = fc
  .uniqueArray(fc.record({ id: text, zone: fc.option(text) }), {
    selector: ({ id }) => id,
    minLength: 1,
    maxLength: 4,
  })
  .map((list) => list.sort((a, b) => (a.id < b.id ? -1 : 1)));
const configuration: fc.Arbitrary<Configuration> = fc.record({
  epoch: counter,
  members,
  previous: fc.option(members),
});
const votes: fc.Arbitrary<Votes> = fc.record({
  promised: fc.option(version),
  accepted: fc.option(fc.record({ ballot: version, configuration })),
});
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
    votes,
  }),
  fc.record({ type: fc.constant("inform" as const), ...request, configuration }),
  fc.record({
    type: fc.constant("vote" as const),
    ...request,
    epoch: counter,
    ballot: version,
    configuration: fc.option(configuration),
  }),
  fc.record({ type: fc.constant("vote-reply" as const), ...reply, isGranted: fc.boolean(), votes }),
  fc.record({ type: fc.constant("take-over" as const), ...request, epoch: counter }),
  fc.record({ type: fc.constant("configuration" as const), ...reply, configuration }),
);
