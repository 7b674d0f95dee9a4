import { describe, expect, test } from "vitest";
import { endedPromises, promisedUntil } from "../../../sim/run/conditional-promises.ts";

const card = {
  name: "p",
  summary: "",
  promises: ["always"],
  promisesUntil: { storm: ["always", "dry"], flood: ["dry", "safe"] },
};

describe("a conditional promise", () => {
  test("ends in the runs in which its probe fired, and in no other", () => {
    expect(endedPromises(card, new Set())("dry")).toBeUndefined();
    expect(endedPromises(card, new Set(["rain"]))("dry")).toBeUndefined();
    expect(endedPromises(card, new Set(["flood"]))("dry")).toBe("flood");
    expect(endedPromises(card, new Set(["storm"]))("safe")).toBeUndefined();
  });

  test("takes back nothing that is promised always, and says nothing of what never was", () => {
    expect(endedPromises(card, new Set(["storm"]))("always")).toBeUndefined();
    expect(endedPromises(card, new Set(["storm"]))("other")).toBeUndefined();
    expect(endedPromises(undefined, new Set(["storm"]))("dry")).toBeUndefined();
  });

  test("is owed in some runs, so a campaign that breaks it there fails", () => {
    expect(new Set(promisedUntil(card))).toEqual(new Set(["always", "dry", "safe"]));
  });
});
