import fc from "fast-check";
import type { Votes } from "../../../src/membership/agreement.ts";
import type { Configuration, Member } from "../../../src/membership/configuration.ts";
import type { CacheRecord } from "../../../src/local/record.ts";
import type { Version } from "../../../src/local/version.ts";
import type { Json, KnownIncarnation, Message } from "../../../src/wire/messages.ts";

/** Well-formed text of any script; lone surrogates have no UTF-8 and are refused before they get here. */
export const text = fc.string({ unit: "binary", maxLength: 40 });
const counter = fc.maxSafeNat();
/** Lives and revisions count from 1. */
const ordinal = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
const revision = fc.record({ number: ordinal, node: text, incarnation: counter });
const version: fc.Arbitrary<Version> = fc.record(
  { counter, node: text, incarnation: ordinal, revision },
  { requiredKeys: ["counter", "node", "incarnation"] },
);
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
const heldVersions = fc.array(fc.record({ key: text, version }), { maxLength: 8 });
/** A range of the tree: four bits for each level. */
const path = fc
  .integer({ min: 0, max: 8 })
  .chain((depth) => fc.integer({ min: 0, max: 16 ** depth - 1 }).map((bits) => ({ depth, bits })));
const request = { incarnation: counter, request: counter };
const channel = { channel: counter, sequence: counter };
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
  fc.record({
    type: fc.constant("store-reply" as const),
    ...reply,
    isStored: fc.constant(true),
    newer: version,
  }),
  fc.record({
    type: fc.constant("store-reply" as const),
    ...reply,
    isStored: fc.constant(false),
    isAhead: fc.constant(true),
  }),
  fc.record({ type: fc.constant("erase" as const), ...request, key: text }),
  fc.record({ type: fc.constant("ping" as const), ...request }),
  fc.record({ type: fc.constant("pong" as const), ...reply }),
  fc.record({
    type: fc.constant("tree" as const),
    ...request,
    ranges: fc.array(
      path.chain((at) =>
        fc.record({ depth: fc.constant(at.depth), bits: fc.constant(at.bits), digest: counter }),
      ),
      {
        maxLength: 8,
      },
    ),
  }),
  fc.record({
    type: fc.constant("tree-reply" as const),
    ...reply,
    branches: fc.array(
      fc
        .tuple(path, fc.option(fc.array(counter, { minLength: 16, maxLength: 16 })), heldVersions)
        .map(([at, digests, held]) => ({ ...at, digests: digests ?? [], held })),
      { maxLength: 4 },
    ),
  }),
  fc.record({ type: fc.constant("fetch" as const), ...request, keys: fc.array(text, { maxLength: 8 }) }),
  fc.record({
    type: fc.constant("pull" as const),
    ...request,
    after: fc.option(text),
    upTo: fc.option(text),
    held: heldVersions,
  }),
  fc.record({
    type: fc.constant("pull-reply" as const),
    ...reply,
    records: fc.array(record, { maxLength: 8 }),
    coveredTo: fc.option(text),
    missing: fc.array(text, { maxLength: 3 }),
    votes,
  }),
  fc.record({
    type: fc.constant("pull-reply" as const),
    ...reply,
    records: fc.array(record, { maxLength: 2 }),
    coveredTo: fc.option(text),
    missing: fc.array(text, { maxLength: 3 }),
    votes,
    forgotten: counter,
  }),
  fc.record({
    type: fc.constant("settle" as const),
    ...request,
    records: fc.array(record, { maxLength: 8 }),
  }),
  fc.record({
    type: fc.constant("settle-reply" as const),
    ...reply,
    refused: fc.array(text, { maxLength: 8 }),
  }),
  fc.record({ type: fc.constant("forget" as const), ...request, held: heldVersions }),
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
  fc.record({ type: fc.constant("watch" as const), ...request, key: text, version }),
  fc.record({
    type: fc.constant("watch-reply" as const),
    ...reply,
    ...channel,
    isWatched: fc.boolean(),
    remainingMs: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })),
  }),
  fc.record({ type: fc.constant("renew" as const), ...request }),
  fc.record({ type: fc.constant("renew-reply" as const), ...reply, ...channel }),
  fc.record({ type: fc.constant("invalidate" as const), ...request, ...channel, holder: counter, key: text }),
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
