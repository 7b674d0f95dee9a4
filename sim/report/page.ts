import { plainStyle, type Style } from "./style.ts";

/** What a text is rendered for. */
export interface Page {
  /** Characters in a line. */
  readonly width: number;
  readonly style: Style;
}

export const plainPage: Page = { width: 120, style: plainStyle };
