import type { Page } from "playwright-core";

export type Colour = readonly [red: number, green: number, blue: number];

export interface Picture {
  /** The share of the pixels of a rectangle whose colour is about this one. */
  share(colour: Colour, x: number, y: number, width: number, height: number): number;
}

/** A screenshot, decoded by the browser itself in a page of its own, whose policy allows it. */
export async function decodePng(page: Page, png: Buffer): Promise<Picture> {
  const blank = await page.context().newPage();
  const code = `(async () => {
    const image = new Image();
    image.src = "data:image/png;base64,${png.toString("base64")}";
    await image.decode();
    const canvas = new OffscreenCanvas(image.width, image.height);
    const context = canvas.getContext("2d");
    context.drawImage(image, 0, 0);
    const { data } = context.getImageData(0, 0, image.width, image.height);
    let text = "";
    for (let at = 0; at < data.length; at += 32768) text += String.fromCharCode(...data.subarray(at, at + 32768));
    return { width: image.width, height: image.height, text: btoa(text) };
  })()`;
  const { width, height, text } = (await blank.evaluate(code)) as {
    readonly width: number;
    readonly height: number;
    readonly text: string;
  };
  await blank.close();
  const bytes = Buffer.from(text, "base64");
  return {
    share(colour, left, top, wide, high) {
      let hits = 0;
      let all = 0;
      for (let y = Math.max(0, Math.floor(top)); y < Math.min(height, top + high); y++) {
        for (let x = Math.max(0, Math.floor(left)); x < Math.min(width, left + wide); x++) {
          all++;
          const at = (y * width + x) * 4;
          if (colour.every((part, channel) => Math.abs(part - (bytes[at + channel] ?? -99)) < 28)) hits++;
        }
      }
      return all === 0 ? 0 : hits / all;
    },
  };
}

/** "#22805a" */
export function colourOf(hex: string): Colour {
  const part = (from: number): number => Number.parseInt(hex.slice(from, from + 2), 16);
  return [part(1), part(3), part(5)];
}
