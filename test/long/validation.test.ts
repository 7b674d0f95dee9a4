import { expect, test } from "vitest";
import { validateDetector } from "../../sim/study/validation/detector.ts";
import { validateLostWrites } from "../../sim/study/validation/lost-writes.ts";
import { validatePlacement } from "../../sim/study/validation/placement.ts";
import { validateAvailability } from "../../sim/study/validation/quorum-availability.ts";
import { validateQueues } from "../../sim/study/validation/queues.ts";
import { cacheSystem } from "../../sim/systems/cache.ts";

test("published numbers that take little come out", async () => {
  const findings = [
    ...(await validateAvailability(cacheSystem)),
    ...validatePlacement(cacheSystem),
    ...validateDetector(),
    ...validateQueues(),
  ];
  expect(findings.filter(({ verdict }) => verdict !== "agrees")).toEqual([]);
  expect(findings.length).toBeGreaterThan(10);
});

test("more is lost by each mechanism than by the one before, as published", async () => {
  const findings = await validateLostWrites(cacheSystem);
  expect(findings.map(({ verdict }) => verdict)).toEqual(findings.map(() => "agrees"));
  const [abd, quorum, primary, lastWins] = findings.map(({ ours }) => ours);
  expect([abd, quorum]).toEqual([0, 0]);
  expect(primary).toBeGreaterThan(0);
  expect(lastWins).toBeGreaterThan(primary ?? 1);
});
