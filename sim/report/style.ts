import { styleText } from "node:util";

/** How text is set off. Every renderer takes one, so that it need not know whether anybody can see colours. */
export interface Style {
  readonly strong: Setter;
  readonly faint: Setter;
  readonly good: Setter;
  readonly notable: Setter;
  readonly bad: Setter;
  /** A command to copy. */
  readonly command: Setter;
}

type Setter = (text: string) => string;
type Format = Parameters<typeof styleText>[0];

/** Whether to colour is decided by the caller, for each stream; so the check of `styleText` is switched off. */
export function createStyle(isColoured: boolean): Style {
  const set =
    (...format: Extract<Format, readonly unknown[]>) =>
    (text: string): string =>
      isColoured && text !== "" ? styleText(format, text, { validateStream: false }) : text;
  return {
    strong: set("bold"),
    faint: set("dim"),
    good: set("green"),
    notable: set("yellow"),
    bad: set("red", "bold"),
    command: set("cyan"),
  };
}

export const plainStyle: Style = createStyle(false);
