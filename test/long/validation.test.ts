import { expect, test } from "vitest";
import { validateDetector } from "../../sim/study/validation/detector.ts";
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
