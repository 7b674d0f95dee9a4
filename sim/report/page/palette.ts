const NAMES = [
  "panel",
  "raised",
  "ink",
  "soft",
  "line",
  "accent",
  "ok",
  "fail",
  "unknown",
  "bad",
  "message",
  "lost",
  "down",
  "absent",
  "change",
  "fault",
  "fault-ink",
  "heal",
  "lane",
  "lit",
] as const;

export type ColourName = (typeof NAMES)[number];
export type Colours = Readonly<Record<ColourName, string>>;

export function readColours(): Colours {
  const style = getComputedStyle(document.documentElement);
  return Object.fromEntries(
    NAMES.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]),
  ) as Colours;
}
