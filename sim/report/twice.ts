import type { RecordedTwice } from "../search/twice.ts";
import { renderDivergence } from "./divergence.ts";
import type { Page } from "./page.ts";
import { counted } from "./units.ts";
import { visible } from "./visible.ts";
import { wrap } from "./wrap.ts";

/** Whether two runs of one plan were the same, and if not, from where on. */
export function renderTwice({ eventCount, traceHash, mismatch }: RecordedTwice, page: Page): string[] {
  const { style, width } = page;
  if (mismatch === null) {
    return [style.good(`two runs are identical: ${counted(eventCount, "event")}, trace hash ${traceHash}`)];
  }
  const { summary, divergence } = mismatch;
  return [
    ...wrap(`NOT DETERMINISTIC: ${visible(summary)}`, width).map(style.bad),
    ...(divergence === null ? [] : renderDivergence(divergence, page)),
  ];
}
