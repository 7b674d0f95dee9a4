import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { restate } from "../../src/ttl/restate.ts";
import { createRelativeLink } from "../../src/ttl/relative-link.ts";
import { stamped, STAMP_BYTES } from "../../src/ttl/stamp.ts";
import { createCodec } from "../../src/wire/codec.ts";
import { WireError } from "../../src/wire/wire-error.ts";
import { message } from "../unit/src/wire-samples.ts";

fc.configureGlobal({ seed: 20_251_122 });

const AS_THEY_ARE = { deadline: (ms: number) => ms, span: (ms: number) => ms };

/** The message with every time in it, however deep, put into words; what a policy says in its body is its own. */
function marked(value: unknown, mark: (name: string, ms: number) => unknown): unknown {
  if (Array.isArray(value)) return value.map((each) => marked(each, mark));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => {
      if (name === "body") return [name, each];
      const isTime = (name === "expireAtMs" || name === "remainingMs") && typeof each === "number";
      return [name, isTime ? mark(name, each) : marked(each, mark)];
    }),
  );
}

test.prop([message])("every deadline of every message is restated, and nothing else", (sample) => {
  expect(restate(sample, AS_THEY_ARE)).toEqual(sample);
  const moved = restate(sample, { deadline: (ms) => ms / 2 + 1, span: (ms) => ms / 4 });
  expect(moved).toEqual(marked(sample, (name, ms) => (name === "expireAtMs" ? ms / 2 + 1 : ms / 4)));
});

function receiver() {
  const codec = createCodec({ frameBytesMax: 100_000 });
  const clock = { now: () => ({ wallMs: 0, monoMs: 1000 }) as never };
  const transport = { self: "a", peers: ["b"], send() {}, onFrame() {}, onReset() {} };
  return createRelativeLink({ transport, codec, clock, incarnation: 3, clockDriftPpm: 0 }).codec;
}

test.prop([fc.oneof(fc.uint8Array({ maxLength: 100 }), message), fc.nat(300)])(
  "whatever the bytes, there is a message or a WireError",
  (sample, bit) => {
    const codec = createCodec({ frameBytesMax: 100_000 });
    const frame = sample instanceof Uint8Array ? sample : codec.encode(sample);
    const known = { life: 3, aheadMs: -500 };
    const good = stamped(frame, { sentMs: 4000, receiver: known });
    const damaged = good.slice();
    damaged[bit % STAMP_BYTES] = (damaged[bit % STAMP_BYTES] as number) ^ (1 << (bit % 8));
    for (const bytes of [frame, good, damaged]) {
      try {
        receiver().decode(bytes);
        expect(bytes).toBe(good);
      } catch (error) {
        expect(error).toBeInstanceOf(WireError);
      }
    }
  },
);

test.prop([message])(
  "a deadline that was meant for another life is refused, and no other message is",
  (sample) => {
    const codec = createCodec({ frameBytesMax: 1_000_000 });
    const bearsDeadline = JSON.stringify(marked(sample, (name) => `time ${name}`)).includes(
      "time expireAtMs",
    );
    for (const known of [null, { life: 2, aheadMs: 0 }]) {
      const bytes = stamped(codec.encode(sample), { sentMs: 0, receiver: known });
      let kind = "read";
      try {
        receiver().decode(bytes);
      } catch (error) {
        kind = error instanceof WireError ? error.kind : String(error);
      }
      expect(kind).toBe(bearsDeadline ? "clock" : "read");
    }
  },
);
