import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cli } from "../e2e/cli.ts";
import { barriers, describeInBrowser, useBrowser } from "./chromium.ts";

/** Two policies on two networks, one of which breaks what it promises nothing of, with partitions to be seen. */
const STUDY = `
name: small
story: Is <b>one</b> copy enough?
scenario:
  cluster: { machines: 3 }
  workload: { clients: 3, operations: 40, keys: 2 }
  phases: { safety: 4s, settle: 3s, audit: 2s }
policies: [seed, abd]
networks:
  near: { latency: { kind: lognormal, median: 1ms, p99: 10ms } }
  far: { latency: { kind: lognormal, median: 20ms, p99: 80ms } }
faults: { partitions: [{ kind: partition, count: 1..2, lasts: 500ms..2s }] }
measures: [read-p50, availability, stale-hits, messages]
seeds: 6
`;

const folder = mkdtempSync(join(tmpdir(), "study-page-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let html: string;
beforeAll(async () => {
  writeFileSync(join(folder, "small.yaml"), STUDY);
  await cli(["explore", "small.yaml", "--out", "out", "--pages", "2"], { cwd: folder });
  html = readFileSync(join(folder, "out", "small.html"), "utf8");
}, 60_000);

describeInBrowser("the page of a study, from a file", () => {
  const browser = useBrowser();

  test("says what follows, shows every figure, and complains of nothing", async () => {
    const { page, complaints } = await browser.open(html);
    expect(await page.locator("main p").first().textContent()).toBe("Is <b>one</b> copy enough?");
    expect(await page.locator(".summary li").count()).toBeGreaterThan(0);
    const tables = page.locator("main table");
    expect(await tables.count()).toBe(3);
    for (const name of ["near, partitions", "far, partitions"]) {
      const section = page.locator("section", { has: page.getByRole("heading", { name, exact: true }) });
      expect(await section.locator("tbody tr").count()).toBe(2);
      expect(await section.locator("figure").count()).toBe(5);
      expect(await section.locator("rect.band").count()).toBeGreaterThan(10);
    }
    expect(complaints).toEqual([]);
  });

  test("draws with the lines of a legend, not with bars of the page's width", async () => {
    const { page } = await browser.open(html);
    for (const box of await page
      .locator(".key")
      .evaluateAll((all) => all.map((key) => key.getBoundingClientRect()))) {
      expect(box.width).toBeGreaterThan(10);
      expect(box.width).toBeLessThan(40);
    }
  });

  test("links pages of runs that break something, and tells how to see each of them", async () => {
    const { page } = await browser.open(html);
    const rows = page.locator("#broken tbody tr");
    expect(await rows.count()).toBe(2);
    expect(await rows.first().textContent()).toMatch(/^seednear, partitionsnot promised: linearizable in /);
    expect(await rows.first().locator("code").textContent()).toMatch(
      /^npx cache-sim replay small\.yaml --policy seed --seed \d+ --under 'near, partitions'$/,
    );
    const link = await rows.first().locator("a").getAttribute("href");
    expect(readdirSync(join(folder, "out", "small-runs"))).toContain(link?.split("/").at(-1));
    await page.goto(pathToFileURL(join(folder, "out", "small.html")).href);
    await page.locator("#broken a").first().click();
    await page.waitForSelector("#diagram");
    expect(await page.locator("#verdict").textContent()).toContain("violation");
  });

  test("sorts by a column with the keyboard", async () => {
    const { page } = await browser.open(html);
    const section = page.locator("section", {
      has: page.getByRole("heading", { name: "near, partitions", exact: true }),
    });
    const policies = (): Promise<string[]> => section.locator("tbody th").allTextContents();
    const head = section.locator("thead th", { hasText: "messages" });
    await head.locator("button").focus();
    await page.keyboard.press("Enter");
    expect(await head.getAttribute("aria-sort")).toBe("ascending");
    expect(await policies()).toEqual(["seed", "abd"]);
    await page.keyboard.press("Enter");
    expect(await head.getAttribute("aria-sort")).toBe("descending");
    expect(await policies()).toEqual(["abd", "seed"]);
  });

  test("draws any measure against any other, and names who is not beaten", async () => {
    const { page } = await browser.open(html);
    const front = page.locator("#front-text");
    await page.locator("#across").selectOption("messages");
    await page.locator("#up").selectOption("availability");
    expect(await front.textContent()).toBe("Nobody is better by both than: seed, abd.");
    expect(await page.locator("#front circle").count()).toBe(2);
    // Neither served anything stale, so that all depends on the other one.
    await page.locator("#across").selectOption("stale-hits");
    expect(await front.textContent()).toBe("Nobody is better by both than: abd.");
    expect(await page.locator("#front circle.off").count()).toBe(1);
    await page.locator("#under").selectOption("far, partitions");
    expect(await page.locator("#front svg").getAttribute("aria-label")).toBe(
      "availability against stale-hits",
    );
  });

  test.each([
    { isDark: false, width: 1400 },
    { isDark: true, width: 1400 },
    { isDark: false, width: 360 },
  ])("has nothing that keeps a reader out: dark $isDark, $width pixels", async (options) => {
    const { page } = await browser.open(html, options);
    expect(await barriers(page)).toEqual([]);
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(options.width);
  });
});
