import { expect, test } from "vitest";
import { policyNamed } from "../../../src/index.ts";
import { promisesOf } from "../../../src/operations/promises.ts";

const { promises = [] } = policyNamed("abd") ?? {};

test("options take from a policy's promises what they break, and add none", () => {
  expect(promisesOf(promises, {})).toEqual(promises);
  const evicting = promisesOf(promises, { eviction: "lru" });
  const near = promisesOf(promises, { nearCopies: {} });
  expect(evicting).toContain("no-resurrection");
  expect(evicting).not.toContain("acknowledged-writes-survive");
  expect(near).toContain("replicas-converge");
  expect(near).not.toContain("no-resurrection");
  // Shown by a run: a copy read 2 ms after a write was acknowledged says what was there before.
  expect(near).not.toContain("acknowledged-writes-survive");
  for (const left of [evicting, near]) {
    expect(left).not.toContain("linearizable");
    expect(left).toContain("no-expired-hit");
    expect(promises).toEqual(expect.arrayContaining([...left]));
  }
  expect(promisesOf([], { nearCopies: {} })).toEqual([]);
});
