import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { createControlledClock } from "@phyxius/clock";
import {
  createCache,
  createInMemoryNetwork,
  NotSupportedError,
  policies,
  type Policy,
} from "../../../src/index.ts";

/** docs/policies.md says what the code does. */

const page = readFileSync(new URL("../../../docs/policies.md", import.meta.url), "utf8");

/** The rows of the table whose first column is called so, by their first cell. */
function table(first: string): ReadonlyMap<string, readonly string[]> {
  const lines = page.split("\n");
  const start = lines.findIndex((line) => line.startsWith(`| ${first} `));
  const end = lines.findIndex((line, index) => index > start && !line.startsWith("|"));
  const rows = lines.slice(start, end).map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll("`", "")),
  );
  return new Map(rows.map(([name = "", ...cells]) => [name, cells]));
}

test("the page has a section for each policy, and no other names", () => {
  const names = policies.map(({ name }) => name);
  expect([...page.matchAll(/^## `(.+)`$/gm)].map((match) => match[1])).toEqual(names);
  expect([...table("policy").keys()].slice(2)).toEqual(names);
});

test.each([...policies])(
  "what it says of $name is so",
  ({ name, promises, promisesUntil = {}, faultBudget, durability }) => {
    const [reads = "", lost, kept] = table("policy").get(name) ?? [];
    const [strongest = ""] = reads.split(" ");
    const until = Object.values(promisesUntil).flat();
    if (strongest === "nothing") expect([...promises, ...until]).toEqual([]);
    else expect(reads.includes("until") ? until : promises).toContain(strongest);
    if (strongest === "regular") expect(promises).not.toContain("linearizable");
    expect(lost).toBe([3, 5].map((replication) => faultBudget.ownersLost(replication)).join(", "));
    expect(kept).toBe(durability.join(", "));
  },
);

async function isRefused(policy: Policy, operation: string): Promise<boolean> {
  const transport = createInMemoryNetwork({ nodes: ["n1"] }).join("n1");
  const cache = createCache({ transport, clock: createControlledClock(0), policy });
  const call = operation === "touch" ? cache.touch("k", 1000) : cache.compareAndSet("k", null, 1);
  const error = await call.then(() => null).catch((thrown: unknown) => thrown);
  await cache.stop();
  return error instanceof NotSupportedError;
}

test.each(["touch", "compareAndSet"])("who can %s is as it says", async (operation) => {
  const names = table("operation").get("operation") ?? [];
  const cells = table("operation").get(operation) ?? [];
  for (const policy of policies) {
    const cell = cells[names.indexOf(policy.name)];
    expect(cell).toBe((await isRefused(policy, operation)) ? "refused" : "yes");
  }
});
