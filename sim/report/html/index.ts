import { gzipSync } from "node:zlib";
import type { Replay } from "../../trace/replay.ts";
import { pagePayload, type PageOptions } from "./page-payload.ts";
import { pageScript, sourceHash } from "./page-script.ts";
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
  const script = pageScript("run");
  const policyText = [
    "default-src 'none'",
    `script-src ${sourceHash(script)}`,
    `style-src ${sourceHash(pageStyle)}`,
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
