import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cli, root } from "../e2e/cli.ts";
import { barriers, describeInBrowser, useBrowser } from "./chromium.ts";
import { colourOf, decodePng } from "./pixels.ts";

const GOOD = "#22805a";
const BAD = "#bf2138";

/** A campaign with failures, a clean row and bounds, as a build server keeps it: one folder with all pages. */
const folder = mkdtempSync(join(tmpdir(), "campaign-page-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const reports = join(folder, "reports");
let html: string;
beforeAll(async () => {
  mkdirSync(join(folder, "scenarios"));
  cpSync(join(root, "scenarios/partition-heal.yaml"), join(folder, "scenarios/partition-heal.yaml"));
  // A plan that nothing can read is one that fails the campaign.
  mkdirSync(join(folder, "corpus"));
  writeFileSync(join(folder, "corpus", "old.plan.json"), "{");
  const flags =
    "--corpus corpus --policy seed --policy abd --seeds 1..3 --strict --html --output html=reports/index.html";
  await cli(["run", ...flags.split(" ")], { cwd: folder });
  html = readFileSync(join(reports, "index.html"), "utf8");
}, 60_000);

describeInBrowser("the page of a campaign, from a file", () => {
  const browser = useBrowser();

  test("says first what is wrong, and complains of nothing", async () => {
    const { page, complaints } = await browser.open(html);
    expect(await page.locator("header .verdict").textContent()).toMatch(/^FAILED, \d+ new problems/);
    const problems = page.locator("section", { hasText: "New problems" }).first();
    expect(await problems.locator("article").count()).toBeGreaterThan(3);
    expect(await problems.locator("pre").first().textContent()).toMatch(/^npx cache-sim replay /);
    const kept = page.locator("section", { hasText: "Kept plans" }).locator("article");
    expect(await kept.allTextContents()).toEqual([
      expect.stringMatching(
        /^corpus\/old\.plan\.json, of the corpus[^]*npx cache-sim replay corpus\/old\.plan\.json$/,
      ),
    ]);
    const rows = page.locator("table").first().locator("tbody tr");
    expect(await rows.allTextContents()).toEqual([
      expect.stringMatching(/^partition-healseed3.*FAILED/),
      expect.stringMatching(/^partition-healabd3.*clean/),
    ]);
    expect(complaints).toEqual([]);
  });

  test("links the pages of the runs, which are there and open", async () => {
    const { page } = await browser.open(html);
    const links = await page
      .locator("article a")
      .evaluateAll((all) => all.map((a) => a.getAttribute("href")));
    expect(links.length).toBeGreaterThan(0);
    const files = readdirSync(reports);
    for (const link of links) expect(files).toContain(decodeURIComponent(link ?? ""));
    await page.goto(pathToFileURL(join(reports, "index.html")).href);
    await page.locator("article a").first().click();
    await page.waitForSelector("#diagram");
    expect(await page.locator("#verdict").textContent()).toContain("violation");
  });

  test.each([
    { isDark: false, width: 1400 },
    { isDark: true, width: 1400 },
    { isDark: false, width: 360 },
  ])("has nothing that keeps a reader out: dark $isDark, $width pixels", async (options) => {
    const { page } = await browser.open(html, options);
    await page.locator("details").evaluateAll((all) => all.map((each) => each.setAttribute("open", "")));
    expect(await barriers(page)).toEqual([]);
    // Wide tables scroll by themselves; the page does not.
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(options.width);
  });

  test("is seen: the verdict in red, what is clean in green", async () => {
    const { page } = await browser.open(html);
    const shareOf = async (selector: string, colour: string): Promise<number> => {
      const picture = await decodePng(page, await page.locator(selector).first().screenshot());
      return picture.share(colourOf(colour), 0, 0, 2000, 200);
    };
    expect(await shareOf("header .verdict", BAD)).toBeGreaterThan(0.01);
    expect(await shareOf("td.ok", GOOD)).toBeGreaterThan(0.005);
    expect(await shareOf("td.ok", BAD)).toBe(0);
  });
});
