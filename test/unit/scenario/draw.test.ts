import { describe, expect, test } from "vitest";
import { createDraw } from "../../../sim/kernel/draw.ts";
import { finalize, keysFromSeed, mixInt, mixString } from "../../../sim/kernel/mix.ts";

const SAMPLES = 100_000;

/** The statistic of Pearson's chi-square test of a uniform distribution over as many bins. */
function chiSquare(bins: number, valueOf: (index: number) => number): number {
  const counts = Array.from({ length: bins }, () => 0);
  for (let i = 0; i < SAMPLES; i++) {
    const bin = Math.floor(valueOf(i) * bins);
    counts[bin] = (counts[bin] ?? Number.NaN) + 1;
  }
  const expected = SAMPLES / bins;
  return counts.reduce((sum, count) => sum + ((count - expected) * (count - expected)) / expected, 0);
}

/** Beyond this a fair source would come once in about 100,000 times (normal approximation, 4.3 sigma). */
function chiSquareMax(bins: number): number {
  return bins - 1 + 4.3 * Math.sqrt(2 * (bins - 1));
}

/** One cell of a square, so that a uniform distribution over the cells means independent coordinates. */
function cell(a: number, b: number, side: number): number {
  return (Math.floor(a * side) * side + Math.floor(b * side)) / (side * side);
}

describe("mixing", () => {
  const { k0 } = keysFromSeed(1);
  const hash = (ordinal: number): number => finalize(mixInt(k0, ordinal)) / 4_294_967_296;
  const hashText = (text: string): number => finalize(mixString(k0, text)) / 4_294_967_296;

  test("gives the same bits on every engine", () => {
    expect(keysFromSeed(1)).toEqual({ k0: 2_259_355_072, k1: 526_750_310 });
    expect(mixString(1, "net/n1>n2/delay")).toBe(2_500_421_723);
  });

  test("is MurmurHash3: one round and the finalizer give its published values", () => {
    expect(finalize(1)).toBe(0x514e28b7);
    // The four bytes of "test" as one little-endian word; the algorithm adds the length in bytes at the end.
    expect(finalize(mixInt(0, 0x74736574) ^ 4)).toBe(0xba6bd213);
    expect(finalize(mixInt(0x9747b28c, 0x74736574) ^ 4)).toBe(0x704b81dc);
  });

  test("is uniform over consecutive numbers, in its high and in its low bits", () => {
    expect(chiSquare(256, hash)).toBeLessThan(chiSquareMax(256));
    expect(chiSquare(256, (i) => (hash(i) * 4096) % 1)).toBeLessThan(chiSquareMax(256));
  });

  test("makes neighbouring numbers independent", () => {
    expect(chiSquare(256, (i) => cell(hash(i), hash(i + 1), 16))).toBeLessThan(chiSquareMax(256));
    expect(chiSquare(256, (i) => cell(hash(i), hash(i + 64), 16))).toBeLessThan(chiSquareMax(256));
  });

  test("makes neighbouring texts independent", () => {
    expect(chiSquare(256, (i) => hashText(`c${i}`))).toBeLessThan(chiSquareMax(256));
    expect(chiSquare(256, (i) => cell(hashText(`c${i}`), hashText(`c${i + 1}`), 16))).toBeLessThan(
      chiSquareMax(256),
    );
    expect(chiSquare(256, (i) => cell(hashText(`n${i}/loss`), hashText(`n${i}/delay`), 16))).toBeLessThan(
      chiSquareMax(256),
    );
  });

  test("makes neighbouring seeds independent", () => {
    const ofSeed = (seed: number): number => finalize(mixString(keysFromSeed(seed).k0, "x")) / 4_294_967_296;
    expect(chiSquare(256, (i) => cell(ofSeed(i), ofSeed(i + 1), 16))).toBeLessThan(chiSquareMax(256));
  });

  test("flips half of the bits when one bit of the input flips", () => {
    for (let bit = 0; bit < 32; bit++) {
      let flipped = 0;
      for (let i = 0; i < 1000; i++) {
        let difference = finalize(mixInt(k0, i)) ^ finalize(mixInt(k0, i ^ (1 << bit)));
        for (; difference !== 0; difference &= difference - 1) flipped++;
      }
      expect(flipped / 1000).toBeGreaterThan(15);
      expect(flipped / 1000).toBeLessThan(17);
    }
  });

  test("tells apart the same characters cut differently", () => {
    const split = (...parts: string[]): number => parts.reduce(mixString, k0);
    expect(split("ab", "c")).not.toBe(split("a", "bc"));
    expect(split("abc")).not.toBe(split("abc", ""));
  });
});

describe("a draw", () => {
  const draw = createDraw(42);

  test("is a function of seed and path alone", () => {
    const first = draw.at("client").at(3).uniform("gap");
    draw.at("client").at(4).uniform("gap");
    draw.uniform("anything");
    expect(createDraw(42).at("client").at(3).uniform("gap")).toBe(first);
    expect(createDraw(43).at("client").at(3).uniform("gap")).not.toBe(first);
    expect(draw.at("client").at(3).uniform("key")).not.toBe(first);
  });

  test("is uniform, and independent of the draws beside it", () => {
    const value = (i: number, label: string): number => draw.at("client").at(i).uniform(label);
    expect(chiSquare(256, (i) => value(i, "at"))).toBeLessThan(chiSquareMax(256));
    expect(chiSquare(256, (i) => cell(value(i, "at"), value(i, "key"), 16))).toBeLessThan(chiSquareMax(256));
    expect(chiSquare(256, (i) => cell(value(i, "at"), value(i + 1, "at"), 16))).toBeLessThan(
      chiSquareMax(256),
    );
  });

  test("stays within its bounds, both ends of a whole number included", () => {
    const seen = new Set<number>();
    for (let i = 0; i < 1000; i++) {
      const at = draw.at(i);
      expect(at.between("b", 5, 6)).toBeGreaterThanOrEqual(5);
      expect(at.between("b", 5, 6)).toBeLessThan(6);
      seen.add(at.int("i", 2, 5));
    }
    expect(seen).toEqual(new Set([2, 3, 4, 5]));
    expect(draw.int("i", 7, 7)).toBe(7);
    expect(draw.between("b", 1.5, 1.5)).toBe(1.5);
  });

  test("picks each item as often, and a new last item only for itself", () => {
    expect(chiSquare(5, (i) => draw.at(i).pick("p", [0, 1, 2, 3, 4]) / 5)).toBeLessThan(chiSquareMax(5));
    for (let i = 0; i < 1000; i++) {
      const before = draw.at(i).pick("p", ["a", "b", "c"]);
      expect([before, "d"]).toContain(draw.at(i).pick("p", ["a", "b", "c", "d"]));
    }
    expect(() => draw.pick("none", [])).toThrow('nothing to pick from at "none"');
  });

  test("picks in proportion to weights, and never a weight of zero", () => {
    const counts = [0, 0, 0];
    for (let i = 0; i < 10_000; i++) {
      const index = draw.at(i).weighted("w", [3, 0, 1]);
      counts[index] = (counts[index] ?? 0) + 1;
    }
    expect(counts[0]).toBeGreaterThan(7300);
    expect(counts[0]).toBeLessThan(7700);
    expect(counts[1]).toBe(0);
    expect(() => draw.weighted("w", [0, 0])).toThrow('no weight above zero at "w"');
  });

  test("keeps what was picked when the weight of something else becomes zero", () => {
    for (let i = 0; i < 1000; i++) {
      const before = draw.at(i).weighted("w", [5, 4, 1]);
      if (before !== 2) expect(draw.at(i).weighted("w", [5, 4, 0])).toBe(before);
    }
  });

  test("shuffles fairly, and keeps the order of the others when one is added", () => {
    const orders = new Map<string, number>();
    for (let i = 0; i < 6000; i++) {
      const shuffled = draw.at(i).shuffle("s", ["a", "b", "c"]);
      expect(
        draw
          .at(i)
          .shuffle("s", ["a", "b", "c", "d"])
          .filter((item) => item !== "d"),
      ).toEqual(shuffled);
      orders.set(shuffled.join(""), (orders.get(shuffled.join("")) ?? 0) + 1);
    }
    expect(orders.size).toBe(6);
    for (const count of orders.values()) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });

  test("refuses a number that is no ordinal", () => {
    expect(() => draw.at(-1)).toThrow("must be whole and from 0 to 2147483647, not -1");
    expect(() => draw.at(1.5)).toThrow("not 1.5");
  });
});
