import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gunzipSync } from "node:zlib";
import { chromium, type Page } from "playwright-core";
import { invariants } from "../../sim/check/index.ts";
import { htmlPage } from "../../sim/report/html/index.ts";
import { replay } from "../../sim/trace/replay.ts";
import { calmPlan, cache, planOf, scenario } from "./end-to-end.ts";
import type { Plan } from "../../sim/run/plan.ts";

const FRAMES = 240;
const EVENTS = 10_000;

/** Times each drawing: what the script takes, and what it takes until the pixels are there. */
const TIMER = `
  window.drawings = [];
  const ask = window.requestAnimationFrame.bind(window);
  window.requestAnimationFrame = (draw) => ask((now) => {
    const startedMs = performance.now();
    draw(now);
    const scriptMs = performance.now() - startedMs;
    document.getElementById("diagram")?.getContext("2d").getImageData(0, 0, 1, 1);
    window.drawings.push([scriptMs, performance.now() - startedMs]);
  });`;

/**
 * Pans through 10,000 events in a browser. What counts is the drawing and not the time between two frames, since a
 * machine without a graphics card shows frames late.
 */
export async function panning(print: (line?: string) => void): Promise<void> {
  const executablePath = [process.env["CHROMIUM"] ?? "", "/usr/bin/chromium"].find((path) =>
    existsSync(path),
  );
  print();
  if (executablePath === undefined) {
    print("The page: not measured, there is no Chromium");
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), "page-"));
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  try {
    const context = await browser.newContext({ viewport: { width: 1400, height: 1000 } });
    for (const [name, plan] of [
      ["calm", calmPlan("abd", 7)],
      ["everything", busyPlan()],
    ] as const) {
      const html = await pageOf(plan);
      const page = await context.newPage();
      await page.addInitScript(TIMER);
      const file = join(folder, `${name}.html`);
      writeFileSync(file, html);
      await page.goto(pathToFileURL(file).href);
      await page.locator("#verdict").filter({ hasNotText: "Unpacking" }).waitFor();
      const events = eventsIn(html);
      print(`Panning: ${name}, ${events.toLocaleString("en-US")} events; a frame at 60 a second has 16.7 ms`);
      for (const [title, share] of [
        [`all of them seen`, 1],
        [`${EVENTS.toLocaleString("en-US")} seen`, EVENTS / events],
        ["a tenth of them seen", 0.1],
      ] as const) {
        if (share > 1) continue;
        const drawings = await pan(page, share);
        print(
          timesRow(
            `  ${title}: script`,
            drawings.map(([script]) => script),
          ),
        );
        print(
          timesRow(
            `  ${title}: script and pixels`,
            drawings.map(([, all]) => all),
          ),
        );
      }
      await page.close();
    }
    const large = await pageOf(calmPlan("abd", 35));
    const megabytes = (large.length / 1e6).toFixed(2);
    print(`  a page of ${eventsIn(large).toLocaleString("en-US")} events: ${megabytes} MB (at most 1.5)`);
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function busyPlan(): Plan {
  const from = scenario("everything");
  const { workload } = from;
  return planOf({ ...from, workload: { ...workload, operations: workload.operations * 5 } }, 5, "abd");
}

async function pageOf(plan: Plan): Promise<string> {
  const replayed = await replay(plan, { system: cache, invariants });
  const writer = { code: "", node: "" };
  return htmlPage(replayed, { command: "", whyExpected: () => null, writer });
}

function eventsIn(html: string): number {
  const base64 = /id="payload">([^<]*)</.exec(html)?.[1] ?? "";
  const payload = JSON.parse(gunzipSync(Buffer.from(base64, "base64")).toString()) as {
    readonly events: { readonly timeUs: readonly number[] };
  };
  return payload.events.timeUs.length;
}

/** @param share of the run that is seen at once */
async function pan(page: Page, share: number): Promise<readonly (readonly [number, number])[]> {
  return (await page.evaluate(`(async () => {
    const diagram = document.getElementById("diagram");
    const frame = () => new Promise((done) => setTimeout(done, 0));
    const wheel = (init) => diagram.dispatchEvent(new WheelEvent("wheel", { cancelable: true, ...init }));
    document.getElementById("zoom-all").click();
    const { left } = diagram.getBoundingClientRect();
    wheel({ ctrlKey: true, deltaY: -240 * Math.log(1 / ${share}), clientX: left + 90 });
    await frame();
    window.drawings.length = 0;
    while (window.drawings.length < ${FRAMES}) {
      const before = window.drawings.length;
      wheel({ shiftKey: true, deltaY: window.drawings.length < ${FRAMES / 2} ? 9 : -9 });
      while (window.drawings.length === before) await frame();
    }
    return window.drawings;
  })()`)) as readonly (readonly [number, number])[];
}

function timesRow(name: string, times: readonly number[]): string {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => (sorted[Math.floor(share * sorted.length)] ?? Number.NaN).toFixed(2);
  return `${name.padEnd(44)} median ${at(0.5).padStart(6)} ms   95th percentile ${at(0.95).padStart(6)} ms`;
}
