/** Elements, made without markup: text is only ever text. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

const SVG = "http://www.w3.org/2000/svg";

export function svgElement<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string | number>> = {},
  ...children: readonly (Node | string)[]
): SVGElementTagNameMap[K] {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  made.append(...children);
  return made;
}

/** The element with this id, which the page has. */
export function byId<T extends HTMLElement>(id: string, type: new () => T): T {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`the page has no ${id}`);
  return found;
}

/** "1204.350" */
export function milliseconds(us: number): string {
  return (us / 1000).toFixed(3);
}

export function onClick(target: HTMLElement, act: () => void): void {
  target.addEventListener("click", act);
}

/** A new button that copies text. */
export function copyButton(label: string, text: () => string): HTMLButtonElement {
  const button = element("button", { type: "button" }, label);
  onClick(button, () => void copyAndSay(button, text()));
  return button;
}

/** Copies text as if a button had been pressed, which says whether it could. */
export async function copyAndSay(button: HTMLButtonElement, text: string): Promise<void> {
  const label = button.dataset["label"] ?? button.textContent;
  button.dataset["label"] = label;
  const said = (await copy(text)) ? "Copied" : "Cannot copy here: select it and press Ctrl + C";
  button.textContent = said;
  byId("said", HTMLElement).textContent = said;
  setTimeout(() => (button.textContent = label), 1500);
}

async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // The clipboard may be closed to pages from files; selecting and copying is still allowed there.
    const focused = document.activeElement;
    const area = element("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    const isCopied = document.execCommand("copy");
    area.remove();
    if (focused instanceof HTMLElement) focused.focus();
    return isCopied;
  }
}
