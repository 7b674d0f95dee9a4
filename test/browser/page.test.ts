import { gzipSync } from "node:zlib";
import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import { createLayout } from "../../sim/report/page/layout.ts";
import type { PagePayload } from "../../sim/report/page/payload.ts";
import { createRunModel, type RunModel } from "../../sim/report/page/run-model.ts";
import { xOf } from "../../sim/report/page/view.ts";
import { pagePayload } from "../../sim/report/html/page-payload.ts";
import { explainedSplitPage, splitPage } from "../support/failing-page.ts";
import { barriers, describeInBrowser, useBrowser } from "./chromium.ts";
import { colourOf, decodePng } from "./pixels.ts";

const OK = "#22805a";
const MESSAGE = "#8699bb";
const LOST = "#cf3a50";
const DOWN = "#f6d7dc";
const FAULT = "#f3e3c3";
const BAD = "#bf2138";
const ACCENT = "#2350c0";

let html: string;
let payload: PagePayload;
let model: RunModel;
beforeAll(async () => {
  const made = await splitPage();
  ({ html } = made);
  payload = pagePayload(made.replayed, {
    command: "",
    whyExpected: () => null,
    writer: { code: "", node: "" },
  });
  model = createRunModel(payload);
});

/** Where things are in the diagram as it is shown. */
async function placesIn(page: Page, shown: PagePayload = payload) {
  const canvas = page.locator("#diagram");
  const box = await canvas.boundingBox();
  if (box === null) throw new Error("the diagram is not shown");
  const layout = createLayout(shown, box.width);
  const [fromUs, toUs] = await Promise.all(
    ["data-from-us", "data-to-us"].map(async (name) => Number(await canvas.getAttribute(name))),
  );
  const view = { fromUs: fromUs ?? 0, toUs: toUs ?? 0, left: layout.gutter, right: box.width - 10 };
  return { box, layout, x: (us: number) => xOf(view, us) };
}

async function drawn(page: Page): Promise<void> {
  await page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");
}

function eventOf(kind: string, activity: string): number {
  const found = Array.from({ length: model.count }, (_, event) => event).find(
    (event) => model.kind(event) === kind && model.activity(event) === activity,
  );
  if (found === undefined) throw new Error(`no ${kind} of ${activity}`);
  return found;
}

describeInBrowser("the page, from a file", () => {
  const browser = useBrowser();

  test("shows the violation with its certificate, and complains of nothing", async () => {
    const { page, complaints } = await browser.open(html);
    expect(await page.locator("#verdict").textContent()).toMatch(/\d+ violations? of what was promised/);
    expect(await page.locator("#certificate h2").textContent()).toContain("linearizable k");
    expect(await page.locator("#certificate .certificate button").count()).toBeGreaterThanOrEqual(2);
    expect(await page.locator("#command").textContent()).toBe("npx cache-sim replay split.plan.json");
    expect(await page.locator("#order-verdict").textContent()).toContain("Not linearizable");
    expect(await page.locator("#order .blocked").count()).toBeGreaterThan(0);
    expect(await page.locator("#plan").textContent()).toContain('"scenario": "split"');
    expect(complaints).toEqual([]);
  });

  test("shows text of the plan as text", async () => {
    const { page, complaints } = await browser.open(html);
    await page.fill("#search", "onerror");
    expect(await page.locator("#detail-payload").textContent()).toContain("<img src=x onerror=alert(1)>");
    expect(await page.locator("img").count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  test("a click on an event shows its payload, its causes and the state of its machine", async () => {
    const { page } = await browser.open(html);
    await page.click("#zoom-all");
    await drawn(page);
    const set = eventOf("client.call", "c1#1");
    const { box, layout, x } = await placesIn(page);
    await page.mouse.click(box.x + x(model.timeUs[set] ?? 0), box.y + layout.machineY(0));
    expect(await page.locator("#detail-place").textContent()).toContain("part of c1#1");
    const deliver = model.arrows.find(({ send }) => model.activity(send) === "c1#1")?.end ?? -1;
    await page.fill("#search", `#${deliver}`);
    expect(await page.locator("#detail-what").textContent()).toMatch(/^receives from n1/);
    expect(await page.locator("#detail-payload").textContent()).toContain('"from": "n1"');
    expect(await page.locator("#detail-chain li").first().textContent()).toContain("c1#1 asks");
    expect(await page.locator("#detail-changes").textContent()).toContain("before");
    expect(await page.locator("#detail-state").textContent()).toContain('"value": "before"');
  });

  test("is used with the keyboard alone", async () => {
    const { page } = await browser.open(html);
    await page.focus("#diagram");
    const place = async () =>
      Number(/#(\d+)/.exec((await page.locator("#detail-place").textContent()) ?? "")?.[1]);
    const start = await place();
    await page.keyboard.press("ArrowLeft");
    expect(await place()).toBe(start - 1);
    await page.keyboard.press("n");
    expect(await place()).toBe(start);
    await page.keyboard.press("M");
    expect(model.machine[await place()]).toBe(model.machine[start]);
    await page.keyboard.press("c");
    const cause = await place();
    expect(cause).toBeLessThan(start);
    await page.keyboard.press("v");
    expect(await place()).toBe(start);
    const before = await page.locator("#diagram").getAttribute("data-to-us");
    await page.keyboard.press("+");
    await drawn(page);
    expect(await page.locator("#diagram").getAttribute("data-to-us")).not.toBe(before);
    await page.keyboard.press("?");
    expect(await page.locator("#keys-help").getAttribute("open")).not.toBeNull();
    await page.keyboard.press("/");
    expect(await page.evaluate("document.activeElement.id")).toBe("search");
  });

  test("filters by machine, key and kind, in the table too", async () => {
    const { page } = await browser.open(html);
    await page.selectOption("#filter-machine", "1");
    await page.selectOption("#filter-kind", "net.deliver");
    const wanted = Array.from({ length: model.count }, (_, event) => event).filter(
      (event) => model.machine[event] === 1 && model.kind(event) === "net.deliver",
    );
    expect(await page.locator("#found").textContent()).toContain(`${wanted.length} of ${model.count} events`);
    const first = await page.locator("#table tbody tr").count();
    expect(first).toBe(Math.min(50, wanted.length));
    await page.selectOption("#filter-kind", "");
    await page.selectOption("#filter-machine", "");
    const place = await page.locator("#page-place").textContent();
    await page.click("#page-back");
    expect(await page.locator("#page-place").textContent()).toMatch(/^\d+ to \d+ of/);
    expect(await page.locator("#page-place").textContent()).not.toBe(place);
  });

  test("has lanes, bars, arrows, faults and outages where they belong", async () => {
    // A thin line between two pixels has the colour of neither: with four for one it covers some whole.
    const scale = 4;
    const { page } = await browser.open(html, { scale });
    await page.click("#zoom-all");
    await drawn(page);
    const { layout, x } = await placesIn(page);
    const picture = await decodePng(page, await page.locator("#diagram").screenshot());
    const at = (us: number, y: number, hex: string, wide = 8, high = 8) =>
      picture.share(
        colourOf(hex),
        (x(us) - wide / 2) * scale,
        (y - high / 2) * scale,
        wide * scale,
        high * scale,
      );
    const lost = model.arrows.filter(({ fate }) => fate === "lost");
    expect(lost.length).toBeGreaterThan(0);
    for (const { client, callUs, result } of payload.operations) {
      if (result === "ok") expect(at(callUs + 1000, layout.clientY(client), OK, 10, 8)).toBeGreaterThan(0.1);
    }
    for (const arrow of model.arrows.filter(({ fate }) => fate === "delivered")) {
      const middle = (layout.machineY(arrow.from) + layout.machineY(arrow.to)) / 2;
      if (Math.abs(arrow.from - arrow.to) === 1) {
        expect(at((arrow.startUs + arrow.endUs) / 2, middle, MESSAGE, 10, 4)).toBeGreaterThan(0.03);
      }
    }
    for (const { startUs, from } of lost) {
      expect(at(startUs, layout.machineY(from), LOST, 26, 110)).toBeGreaterThan(0.005);
    }
    expect(at(3_700_000, layout.machineY(1) + 15, DOWN)).toBeGreaterThan(0.9);
    expect(at(3_700_000, layout.machineY(0) + 15, DOWN)).toBe(0);
    const [partition] = layout.faults;
    expect(at(2_300_000, (partition?.y ?? 0) + 4, FAULT, 8, 2)).toBeGreaterThan(0.9);
    expect(at(2_700_000, (partition?.y ?? 0) + 4, FAULT, 8, 2)).toBe(0);
  });

  test.each([
    { name: "light", options: {} },
    { name: "dark", options: { isDark: true } },
    { name: "narrow", options: { width: 400, height: 800 } },
  ])("has no serious flaw for assistive technology: $name", async ({ options }) => {
    const { html: explained } = await explainedSplitPage();
    const { page } = await browser.open(explained, options);
    expect(await barriers(page)).toEqual([]);
    const width = (await page.evaluate("document.documentElement.scrollWidth")) as number;
    expect(width).toBeLessThanOrEqual(options.width ?? 1400);
  });

  test("says what is wrong when the file was damaged", async () => {
    const base64 = /id="payload">([^<]*)</.exec(html)?.[1] ?? "";
    const flipped = `${base64.slice(0, 400)}${base64[400] === "A" ? "B" : "A"}${base64.slice(401)}`;
    for (const wrong of [flipped, base64.slice(0, base64.length >> 1), "not base64!", ""]) {
      const { page } = await browser.open(html.replace(base64, () => wrong));
      expect(await page.locator("#problem").textContent()).toMatch(/damaged.*Copy the file again.*--html/);
      expect(await page.locator("#main").isVisible()).toBe(false);
    }
  });

  test("says what is wrong when the run in it is not one for this page", async () => {
    const base64 = /id="payload">([^<]*)</.exec(html)?.[1] ?? "";
    const cases: readonly (readonly [unknown, RegExp])[] = [
      [null, /damaged.*Copy the file again/],
      [{ format: "something else", version: 1 }, /another version.*--html/],
      [{ ...payload, version: 99 }, /another version.*--html/],
      [{ ...payload, events: undefined }, /cannot be shown/],
    ];
    for (const [wrong, message] of cases) {
      const packed = gzipSync(JSON.stringify(wrong)).toString("base64");
      const { page } = await browser.open(html.replace(base64, () => packed));
      expect(await page.locator("#problem").textContent()).toMatch(message);
      expect(await page.locator("#main").isVisible()).toBe(false);
    }
  });

  test("shows an explanation: a story whose numbers jump, the curve, and what to copy", async () => {
    const { html: explained, explanation } = await explainedSplitPage();
    const { page, complaints } = await browser.open(explained);
    expect(await page.locator("#story li").count()).toBe(explanation.story.length);
    for (const [place, { event, text }] of explanation.story.entries()) {
      const item = page.locator("#story li").nth(place);
      expect(await item.textContent()).toContain(text);
      await item.locator("button").click();
      expect(await page.locator("#detail-place").textContent()).toMatch(new RegExp(`^#${event} `));
    }
    expect(await page.locator("#odds tbody tr").count()).toBe(explanation.odds.length);
    expect(await page.locator("#parts").textContent()).toContain("c1#2 set k = left");
    await page.locator("#parts button").first().click();
    expect(await page.locator("#detail-what").textContent()).toContain("asks: ");
    expect(complaints).toEqual([]);
    const { page: without } = await browser.open(html);
    expect(await without.locator("#explanation").isVisible()).toBe(false);
  });

  test("draws the curve above the ruler, with the point of no return, and the story at its events", async () => {
    const { html: withCurve, explanation, payload: explained } = await explainedSplitPage();
    const { page } = await browser.open(withCurve, { scale: 4 });
    await page.click("#zoom-all");
    await drawn(page);
    const { layout, x } = await placesIn(page, explained);
    const picture = await decodePng(page, await page.locator("#diagram").screenshot());
    const share = (us: number, y: number, hex: string, wide: number, high: number) =>
      picture.share(colourOf(hex), (x(us) - wide / 2) * 4, (y - high / 2) * 4, wide * 4, high * 4);
    const atUs = explanation.noReturn?.atUs ?? -1;
    expect(layout.oddsHeight).toBeGreaterThan(0);
    // The dashed line, all the way down.
    expect(share(atUs, layout.height / 2, BAD, 4, layout.height - 40)).toBeGreaterThan(0.1);
    // Low before it, high after it.
    const high = 14;
    expect(share(payload.endUs * 0.8, high, BAD, 20, 6)).toBeGreaterThan(0.2);
    expect(share(atUs - 200_000, high, BAD, 20, 6)).toBe(0);
    const [first] = explanation.story;
    const event = first?.event ?? 0;
    const lane = model.machine[event] ?? -1;
    const y = lane < 0 ? layout.rulerHeight + 10 : layout.machineY(lane) - 16;
    expect(share(model.timeUs[event] ?? 0, y, ACCENT, 14, 14)).toBeGreaterThan(0.3);
  });

  test("copies the replay line and the plan from a file, with the keyboard alone", async () => {
    const { page } = await browser.open(html);
    await page.focus("#diagram");
    const pasted = async (): Promise<string> => {
      await page.evaluate(
        "document.body.append(Object.assign(document.createElement('textarea'), { id: 'x' }))",
      );
      await page.focus("#x");
      await page.keyboard.press("Control+V");
      const text = await page.inputValue("#x");
      await page.evaluate("document.getElementById('x').remove()");
      return text;
    };
    await page.keyboard.press("y");
    await page.locator("#said").filter({ hasText: "Copied" }).waitFor();
    expect(await pasted()).toBe("npx cache-sim replay split.plan.json");
    await page.focus("#copy-plan");
    await page.keyboard.press("Enter");
    await page.locator("#copy-plan").filter({ hasText: "Copied" }).waitFor();
    expect(JSON.parse(await pasted())).toMatchObject({ scenario: "split", policy: "seed" });
  });

  test("copies where the clipboard is closed to pages, and leaves the focus where it was", async () => {
    const { page } = await browser.open(html);
    await page.evaluate("navigator.clipboard.writeText = () => Promise.reject(new Error('closed'))");
    await page.focus("#copy");
    await page.keyboard.press("Enter");
    await page.locator("#copy").filter({ hasText: "Copied" }).waitFor();
    expect(await page.evaluate("document.activeElement.id")).toBe("copy");
    expect(await page.locator("textarea").count()).toBe(0);
  });
});
