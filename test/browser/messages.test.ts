import { beforeAll, expect, test } from "vitest";
import { createLayout } from "../../sim/report/page/layout.ts";
import type { PagePayload } from "../../sim/report/page/payload.ts";
import { type Arrow, createRunModel, type RunModel } from "../../sim/report/page/run-model.ts";
import { type View, xOf } from "../../sim/report/page/view.ts";
import { htmlPage } from "../../sim/report/html/index.ts";
import { pagePayload } from "../../sim/report/html/page-payload.ts";
import { cachePlan, replayCache } from "../support/cache-plan.ts";
import { describeInBrowser, useBrowser } from "./chromium.ts";
import { colourOf, decodePng, type Picture } from "./pixels.ts";

const MESSAGE = colourOf("#8699bb");
const LOST = colourOf("#cf3a50");
/** A thin line between two pixels has the colour of neither: with four for one it covers some whole. */
const SCALE = 4;

/** One write in a partition, one while messages are held up, and one of which each message comes twice. */
const plan = cachePlan({
  scenario: "fates",
  clients: [{ id: "c1", machine: "n1" }],
  operations: [
    { id: "c1#1", client: "c1", atMs: 1000, kind: "set", key: "k", value: "lost" },
    { id: "c1#2", client: "c1", atMs: 2000, kind: "set", key: "k", value: "held" },
    { id: "c1#3", client: "c1", atMs: 3000, kind: "set", key: "k", value: "twice" },
  ],
  faults: [
    { kind: "partition", shape: "isolate-one", left: ["n3"], right: ["n1", "n2"], startMs: 900, endMs: 1100 },
    { kind: "clog", from: "n1", to: "n2", startMs: 1950, endMs: 2300 },
    { kind: "duplicate", share: 0.999, startMs: 2950, endMs: 3100 },
  ],
});

let html: string;
let payload: PagePayload;
let model: RunModel;
beforeAll(async () => {
  const replayed = await replayCache(plan);
  const options = { command: "", whyExpected: () => null, writer: { code: "", node: "" } };
  html = htmlPage(replayed, options);
  payload = pagePayload(replayed, options);
  model = createRunModel(payload);
});

/** The diagram from one moment to another, looked at along its messages. */
interface Look {
  /** How much of a colour there is around a place on the way of a message, 0 for its start and 1 for its end. */
  along(arrow: Arrow, share: number, colour: typeof MESSAGE): number;
}

describeInBrowser("messages in the diagram", () => {
  const browser = useBrowser();

  async function lookAt(fromMs: number, toMs: number): Promise<Look> {
    const { page } = await browser.open(html, { scale: SCALE });
    const canvas = page.locator("#diagram");
    await page.click("#zoom-all");
    const box = await canvas.boundingBox();
    if (box === null) throw new Error("the diagram is not shown");
    const layout = createLayout(payload, box.width);
    const edges = { left: layout.gutter, right: box.width - 10 };
    const wheel = async (init: object): Promise<View> => {
      const event = JSON.stringify({ ...init, clientX: box.x + edges.left, cancelable: true });
      await page.evaluate(
        `document.getElementById("diagram").dispatchEvent(new WheelEvent("wheel", ${event}))`,
      );
      await page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");
      const [fromUs, toUs] = await Promise.all(
        ["data-from-us", "data-to-us"].map(async (name) => Number(await canvas.getAttribute(name))),
      );
      return { ...edges, fromUs: fromUs ?? 0, toUs: toUs ?? 0 };
    };
    const factor = (payload.endUs * 1.04) / ((toMs - fromMs) * 1000);
    const zoomed = await wheel({ ctrlKey: true, deltaY: -240 * Math.log(factor) });
    const usPerPixel = (zoomed.toUs - zoomed.fromUs) / (edges.right - edges.left);
    const shown = await wheel({ shiftKey: true, deltaY: (fromMs * 1000 - zoomed.fromUs) / usPerPixel });
    expect(shown.fromUs / 1000).toBeCloseTo(fromMs, 0);
    expect(shown.toUs / 1000).toBeCloseTo(toMs, 0);
    const picture: Picture = await decodePng(page, await canvas.screenshot());
    return {
      along({ from, to, startUs, endUs, fate }, share, colour) {
        const x1 = xOf(shown, startUs);
        // What is dropped at once is drawn as if it had travelled a little.
        const x2 = fate === "lost" ? Math.max(xOf(shown, endUs), x1 + 10) : xOf(shown, endUs);
        const [y1, y2] = [layout.machineY(from), layout.machineY(to)];
        const [x, y] = [x1 + (x2 - x1) * share, y1 + (y2 - y1) * share];
        return picture.share(colour, (x - 2) * SCALE, (y - 2) * SCALE, 4 * SCALE, 4 * SCALE);
      },
    };
  }

  const of = (activity: string): readonly Arrow[] =>
    model.arrows.filter(({ send }) => model.activity(send) === activity);

  test("break off with a cross where they are lost", async () => {
    const lost = of("c1#1").filter(({ fate }) => fate === "lost");
    expect(lost.length).toBeGreaterThan(0);
    const look = await lookAt(990, 1030);
    for (const arrow of lost) {
      expect(look.along(arrow, 0.3, LOST)).toBeGreaterThan(0.05);
      expect(look.along(arrow, 0.9, LOST)).toBe(0);
      expect(look.along(arrow, 0.9, MESSAGE)).toBe(0);
    }
  });

  test("arrive when they are let go, if they were held up", async () => {
    const held = of("c1#2").filter(({ startUs, endUs }) => endUs - startUs > 100_000);
    expect(held.length).toBeGreaterThan(0);
    for (const { endUs, fate } of held) {
      expect(fate).toBe("delivered");
      expect(endUs).toBeGreaterThanOrEqual(2_300_000);
    }
    const look = await lookAt(1900, 2400);
    const [first] = held;
    if (first === undefined) return;
    for (const share of [0.25, 0.5, 0.75]) {
      expect(look.along(first, share, MESSAGE), `at ${share}`).toBeGreaterThan(0.05);
    }
  });

  test("arrive twice where they are duplicated", async () => {
    const all = of("c1#3");
    const twice = all.filter(({ send, end }) =>
      all.some((other) => other.send === send && other.end !== end),
    );
    expect(twice.length).toBeGreaterThan(1);
    const [fromUs, toUs] = [
      Math.min(...twice.map(({ startUs }) => startUs)),
      Math.max(...twice.map(({ endUs }) => endUs)),
    ];
    const look = await lookAt(fromUs / 1000 - 5, toUs / 1000 + 5);
    for (const arrow of twice) {
      expect(look.along(arrow, 0.5, MESSAGE), `#${arrow.end}`).toBeGreaterThan(0.05);
    }
  });
});
