import { describe, expect, test } from "vitest";
import { firstSentence, renderListing } from "../../../sim/report/listing.ts";
import { plainPage } from "../../../sim/report/page.ts";
import { faultKinds } from "../../../sim/world/faults/index.ts";
import { toySystem } from "../../support/toy-system.ts";

describe("the first sentence of a story", () => {
  test("ends at the first full stop that is one", () => {
    expect(firstSentence("It takes 1.5 s.\nThen more.")).toBe("It takes 1.5 s.");
    expect(firstSentence("  no end\n here ")).toBe("no end here");
    expect(firstSentence("Why? Because.")).toBe("Why?");
  });
});

describe("the list", () => {
  const invariant = { name: "linearizable", summary: "As one register.", check: () => [] };
  const listing = {
    scenarios: [
      { name: "calm", summary: "Nothing happens." },
      { name: "a-scenario-with-quite-a-long-name-indeed", summary: "Something happens." },
    ],
    policies: [
      ...toySystem.policies,
      { name: "sound", summary: "Keeps its word.", promises: ["linearizable"] },
    ],
    faults: faultKinds,
    invariants: [invariant],
    hooks: [{ detours: { "skip-it": "it is left out" }, probes: { seen: "it happened" }, crashpoints: {} }],
  };

  test.each([60, 80, 200])("explains everything there is in %i columns", (width) => {
    const lines = renderListing(listing, { ...plainPage, width });
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(width);
    const text = lines.join(" ").replaceAll(/\s+/g, " ");
    for (const { kind, summary } of faultKinds) expect(text).toContain(`${kind} ${summary}`);
    expect(text).toContain("calm Nothing happens.");
    expect(text).toContain("(promises nothing)");
    expect(text).toContain("Keeps its word. (promises every invariant)");
    expect(text).toContain("linearizable As one register.");
    expect(text).toContain("skip-it it is left out");
    expect(text).toContain("seen it happened");
  });

  test("has something to say where there is nothing", () => {
    const lines = renderListing(
      { scenarios: [], policies: [], faults: [], invariants: [], hooks: [] },
      plainPage,
    );
    expect(lines.filter((line) => line === "  none")).toHaveLength(4);
  });
});
