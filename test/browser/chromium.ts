import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import axe from "axe-core";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe } from "vitest";

/** Where Debian puts it, or what the environment says. */
const executablePath = [process.env["CHROMIUM"] ?? "", "/usr/bin/chromium", "/usr/bin/chromium-browser"].find(
  (path) => path !== "" && existsSync(path),
);

if (executablePath === undefined) {
  const message = "no Chromium: apt-get install chromium, or set CHROMIUM to its path";
  if (process.env["CI"] !== undefined) throw new Error(message);
  process.stderr.write(`browser tests are skipped: ${message}\n`);
}

/** Like `describe`, for what needs a browser. */
export const describeInBrowser: typeof describe.skip =
  executablePath === undefined ? describe.skip : describe;

export interface OpenedPage {
  readonly page: Page;
  /** Whatever the page complained about, or asked the network for. */
  readonly complaints: readonly string[];
}

export interface OpenOptions {
  readonly width?: number;
  readonly height?: number;
  readonly isDark?: boolean;
  /** Pixels of the picture for each of the page, along each side. */
  readonly scale?: number;
}

/** Opens pages from files, as a reader does: `file://`, no server. */
export function useBrowser(): { open(html: string, options?: OpenOptions): Promise<OpenedPage> } {
  let browser: Browser | null = null;
  const folder = mkdtempSync(join(tmpdir(), "page-"));
  let count = 0;
  beforeAll(async () => {
    if (executablePath === undefined) return;
    // Whoever runs as root, as in a container, has no sandbox.
    browser = await chromium.launch({
      executablePath,
      args: ["--no-sandbox", "--force-device-scale-factor=1"],
    });
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    async open(html, { width = 1400, height = 1000, isDark = false, scale = 1 } = {}) {
      if (browser === null) throw new Error("there is no browser");
      const file = join(folder, `${count++}.html`);
      writeFileSync(file, html);
      const context = await browser.newContext({
        viewport: { width, height },
        deviceScaleFactor: scale,
        colorScheme: isDark ? "dark" : "light",
        reducedMotion: "reduce",
      });
      const page = await context.newPage();
      const complaints: string[] = [];
      page.on("pageerror", (error) => complaints.push(String(error)));
      page.on("console", (message) => {
        if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
      });
      page.on("request", (request) => {
        if (!request.url().startsWith("file:") && !request.url().startsWith("blob:"))
          complaints.push(request.url());
      });
      await page.goto(pathToFileURL(file).href);
      await page.locator("#verdict").filter({ hasText: "Unpacking" }).waitFor({ state: "detached" });
      return { page, complaints };
    },
  };
}

/** What keeps a reader out who sees, hears or moves otherwise: serious findings of axe, with where they are. */
export async function barriers(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = (await page.evaluate("axe.run()")) as {
    readonly violations: readonly { readonly id: string; readonly impact: string; readonly nodes: unknown }[];
  };
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${JSON.stringify(nodes).slice(0, 600)}`);
}
