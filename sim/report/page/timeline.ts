import { byId } from "./dom.ts";
import { drawScene, eventNear, type Scene } from "./draw.ts";
import { CLIENT_ROW, createLayout, type Layout } from "./layout.ts";
import { countBins, drawOverview } from "./overview.ts";
import { type Colours, readColours } from "./palette.ts";
import type { RunModel } from "./run-model.ts";
import type { Selection } from "./selection.ts";
import { panned, showing, usAt, type View, xOf, zoomed } from "./view.ts";

/** The diagram: draws itself when something changes, and says what was clicked. */
export interface Timeline {
  redraw(): void;
  /** The colours of the page are others now. */
  recolour(): void;
  zoom(factor: number): void;
  pan(share: number): void;
  show(fromUs: number, toUs: number): void;
  /** Moves and zooms as little as it takes to see an event. */
  reveal(event: number): void;
  readonly view: View;
}

export interface TimelineState {
  readonly selection: Selection;
  readonly mask: Uint8Array;
  readonly isFiltered: boolean;
}

export function createTimeline(
  model: RunModel,
  state: () => TimelineState,
  onSelect: (event: number) => void,
): Timeline {
  const canvas = byId("diagram", HTMLCanvasElement);
  const overview = byId("overview", HTMLCanvasElement);
  const scroller = byId("scroller", HTMLElement);
  const { endUs } = model.payload;
  let layout: Layout = createLayout(model.payload, canvas.clientWidth);
  let view: View = { fromUs: -endUs * 0.02, toUs: endUs * 1.02, left: layout.gutter, right: 800 };
  let isAsked = false;
  // Asking for a colour makes the browser work out its styles, so it is done once a theme.
  let colours: Colours = readColours();
  let bins = countBins(model, overview.clientWidth);

  function scene(): Scene {
    const [top, bottom] = [scroller.scrollTop, scroller.scrollTop + scroller.clientHeight];
    return { model, layout, view, colours, top, bottom, ...state() };
  }

  function redraw(): void {
    if (isAsked) return;
    isAsked = true;
    requestAnimationFrame(draw);
  }

  function draw(): void {
    isAsked = false;
    const width = scroller.clientWidth;
    layout = createLayout(model.payload, width);
    view = { ...view, left: layout.gutter, right: width - 10 };
    const context = fit(canvas, width, layout.height);
    const drawn = scene();
    canvas.dataset["fromUs"] = String(view.fromUs);
    canvas.dataset["toUs"] = String(view.toUs);
    canvas.dataset["shapes"] = String(drawScene(context, drawn));
    const stripWidth = overview.clientWidth;
    if (bins.length !== Math.max(1, Math.floor(stripWidth / 2))) bins = countBins(model, stripWidth);
    drawOverview(fit(overview, stripWidth, 44), drawn, stripWidth, bins);
  }

  function look(next: View): void {
    view = next;
    redraw();
  }

  function select(x: number, y: number): void {
    const event = eventNear(scene(), x, y);
    if (event >= 0) onSelect(event);
    else {
      const operation = model.payload.operations.findIndex(({ client, callUs, returnUs }) => {
        const inTime =
          x >= xOf(view, callUs) - 3 &&
          x <= Math.max(xOf(view, returnUs ?? endUs), xOf(view, callUs) + 3) + 3;
        return inTime && Math.abs(layout.clientY(client) - y) < CLIENT_ROW / 2;
      });
      const found = model.payload.operations[operation];
      const target = found?.returnEvent ?? found?.callEvent ?? null;
      if (target !== null) onSelect(target);
    }
  }

  let drag: { readonly x: number; readonly from: View; hasMoved: boolean } | null = null;
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    drag = { x: event.clientX, from: view, hasMoved: false };
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (drag === null) return;
    const moved = drag.x - event.clientX;
    if (Math.abs(moved) > 3) drag.hasMoved = true;
    if (!drag.hasMoved) return;
    canvas.classList.add("dragging");
    look(panned(drag.from, moved, endUs));
  });
  canvas.addEventListener("pointerup", (event) => {
    const { left, top } = canvas.getBoundingClientRect();
    if (drag?.hasMoved === false) select(event.clientX - left, event.clientY - top);
    drag = null;
    canvas.classList.remove("dragging");
  });
  canvas.addEventListener("pointercancel", () => (drag = null));
  canvas.addEventListener(
    "wheel",
    (event) => {
      const x = event.clientX - canvas.getBoundingClientRect().left;
      if (event.ctrlKey || event.metaKey) look(zoomed(view, Math.exp(-event.deltaY / 240), x, endUs));
      else if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
        look(panned(view, event.deltaX === 0 ? event.deltaY : event.deltaX, endUs));
      } else return;
      event.preventDefault();
    },
    { passive: false },
  );
  canvas.addEventListener("dblclick", (event) => {
    look(zoomed(view, 4, event.clientX - canvas.getBoundingClientRect().left, endUs));
  });
  scroller.addEventListener("scroll", redraw);
  new ResizeObserver(redraw).observe(scroller);

  const jump = (event: PointerEvent): void => {
    const { left, width } = overview.getBoundingClientRect();
    const middle = ((event.clientX - left) / width) * endUs;
    const half = (view.toUs - view.fromUs) / 2;
    look(showing(view, middle - half, middle + half, endUs));
  };
  overview.addEventListener("pointerdown", (event) => {
    overview.setPointerCapture(event.pointerId);
    jump(event);
  });
  overview.addEventListener("pointermove", (event) => {
    if (event.buttons === 1) jump(event);
  });

  return {
    get view() {
      return view;
    },
    redraw,
    recolour() {
      colours = readColours();
      redraw();
    },
    zoom: (factor) => look(zoomed(view, factor, (view.left + view.right) / 2, endUs)),
    pan: (share) => look(panned(view, share * (view.right - view.left), endUs)),
    show: (fromUs, toUs) => look(showing(view, fromUs, toUs, endUs)),
    reveal(event) {
      const us = model.timeUs[event] ?? 0;
      const air = (view.toUs - view.fromUs) * 0.08;
      const isSeen = us > usAt(view, view.left) + air && us < usAt(view, view.right) - air;
      const half = (view.toUs - view.fromUs) / 2;
      if (isSeen) redraw();
      else look(showing(view, us - half, us + half, endUs));
      const machine = model.machine[event] ?? -1;
      const y = machine < 0 ? 0 : layout.machineY(machine);
      if (y < scroller.scrollTop + 40 || y > scroller.scrollTop + scroller.clientHeight - 20) {
        scroller.scrollTop = y - scroller.clientHeight / 2;
      }
    },
  };
}

/** The canvas at the size that it has on the screen, in the screen's own pixels. */
function fit(canvas: HTMLCanvasElement, width: number, height: number): CanvasRenderingContext2D {
  const scale = window.devicePixelRatio || 1;
  const [pixelsWide, pixelsHigh] = [Math.round(width * scale), Math.round(height * scale)];
  if (canvas.width !== pixelsWide || canvas.height !== pixelsHigh) {
    canvas.width = pixelsWide;
    canvas.height = pixelsHigh;
    canvas.style.height = `${height}px`;
  }
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("this browser cannot draw");
  context.setTransform(scale, 0, 0, scale, 0, 0);
  return context;
}
