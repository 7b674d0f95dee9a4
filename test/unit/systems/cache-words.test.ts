import { fc, test as propertyTest } from "@fast-check/vitest";
import { expect, test } from "vitest";
import { tellCache } from "../../../sim/systems/cache-words.ts";
import { message } from "../src/wire-samples.ts";

propertyTest.prop([fc.noShrink(message)])(
  "every message of the cache is told in words, or tells nothing",
  (sample) => {
    const words = tellCache({ kind: "message", data: sample });
    expect(words ?? "").not.toMatch(/^a message "|\bundefined\b|\[object/);
  },
);

test("a message that is not the cache's own is told by its type, whatever that is", () => {
  expect(tellCache({ kind: "message", data: { type: "gossip" } })).toBe('a message "gossip"');
  expect(tellCache({ kind: "message", data: { type: "constructor" } })).toBe('a message "constructor"');
  expect(tellCache({ kind: "journal", data: { type: "toString" } })).toBeNull();
});
