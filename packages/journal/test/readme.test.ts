import assert from "node:assert/strict";
import { it } from "vitest";
import { createControlledClock } from "@phyxius/clock";
import { Journal } from "@phyxius/journal";
import { expectExportsInReadme, expectSnippetsInReadme } from "../../clock/test/readme-snippets.ts";

it("the README shows code that works", () => {
  // README
  const clock = createControlledClock(); // createSystemClock() in production
  const journal = new Journal<{ type: string; user: string }>({
    clock,
    maxEntries: 1_000,
    overflow: "bounded:drop_oldest",
  });

  journal.append({ type: "login", user: "ann" });
  clock.advanceBy(5_000);
  const entry = journal.append({ type: "logout", user: "ann" });

  assert.deepEqual(entry, {
    id: "entry-1",
    sequence: 1,
    timestamp: { wallMs: 5_000, monoMs: 5_000 },
    data: { type: "logout", user: "ann" },
  });
  assert.equal(journal.getEntry(0)?.data.type, "login");
  assert.deepEqual(
    journal.filter(({ type }) => type === "login"),
    [{ type: "login", user: "ann" }],
  );

  const text = JSON.stringify(journal);
  const restored = Journal.fromJSON<{ type: string; user: string }>(text, { clock });
  assert.deepEqual([...restored], [...journal]);
  // end

  // README
  const visits = new Journal<Map<string, number>>({
    clock,
    serializer: {
      serialize: (counts) => [...counts],
      deserialize: (pairs) => new Map(pairs as [string, number][]),
    },
  });
  // end
  visits.append(new Map([["/", 3]]));
  assert.equal(JSON.parse(JSON.stringify(visits)).entries[0].data[0][1], 3);
});

it("the README is in step with this file", () => {
  expectSnippetsInReadme(import.meta.url);
});

it("the README names all exports", () => {
  expectExportsInReadme(import.meta.url);
});
