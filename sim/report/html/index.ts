import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { gzipSync } from "node:zlib";
import type { Replay } from "../../trace/replay.ts";
import { linkModules } from "./link-modules.ts";
import { pagePayload, type PageOptions } from "./page-payload.ts";
import { escapeHtml, skeleton } from "./skeleton.ts";
import { pageStyle } from "./style.ts";

export { type PageOptions } from "./page-payload.ts";

/**
 * One file that shows a run in a browser, offline: no address is ever asked for, and the content policy of the page
 * allows nothing but the script and the style in it, by their hashes.
 */
export function htmlPage(replay: Replay, options: PageOptions): string {
  const { scenario, policy, seed } = replay.outcome.plan;
  const payload = gzipSync(JSON.stringify(pagePayload(replay, options)), { level: 9 }).toString("base64");
  const script = linkModules(new URL("main.js", clientFolder()));
  const policyText = [
    "default-src 'none'",
    `script-src '${hashSource(script)}'`,
    `style-src '${hashSource(pageStyle)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return skeleton({
    title: escapeHtml(`${scenario}, ${policy}, seed ${seed}`),
    contentPolicy: policyText,
    script,
    style: pageStyle,
    payload,
  });
}

/** The compiled client: beside this file when that is compiled as well, under `dist` when it is a source. */
function clientFolder(): URL {
  const beside = new URL("../page/", import.meta.url);
  if (existsSync(new URL("main.js", beside))) return beside;
  const built = new URL("../../../dist/sim/report/page/", import.meta.url);
  if (existsSync(new URL("main.js", built))) return built;
  throw new Error("the page is not built: run `npm run build` first");
}

function hashSource(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}
