import { createControlledClock } from "@phyxius/clock";
import { expect, test } from "vitest";
import { runEffect } from "../src/index.ts";

test("the methods of a context can be taken out of it", async () => {
  const clock = createControlledClock();
  const ended: string[] = [];
  const result = await runEffect(
    async ({ get, set, with: derive, defer, remainingMs, timeout }) => {
      set("user", "ada");
      defer(() => void ended.push("finalizer"));
      timeout(500);
      const nested = await timeout(100, async (inner) => inner.get("user"));
      return [get("user"), derive("user", "bob").get("user"), get("user"), remainingMs(), nested];
    },
    { clock },
  );
  expect(result).toEqual(["ada", "bob", "ada", 500, "ada"]);
  expect(ended).toEqual(["finalizer"]);
});
