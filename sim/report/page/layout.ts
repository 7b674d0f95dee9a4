import type { PageFault, PagePayload } from "./payload.ts";

/** Where things stand in the diagram, from top to bottom, in CSS pixels; time goes from left to right. */
export interface Layout {
  readonly height: number;
  /** Room for the names of the lanes. */
  readonly gutter: number;
  readonly rulerHeight: number;
  readonly faults: readonly PlacedFault[];
  readonly clientTop: number;
  readonly machineTop: number;
  clientY(client: number): number;
  machineY(machine: number): number;
}

export interface PlacedFault {
  readonly fault: PageFault;
  readonly y: number;
}

export const RULER = 26;
export const FAULT_ROW = 20;
export const CLIENT_ROW = 20;
export const MACHINE_ROW = 58;
const FAULT_ROWS_MAX = 6;
const GAP = 10;

export function createLayout({ machines, clients, faults }: PagePayload, width: number): Layout {
  const gutter = width < 560 ? 54 : 84;
  const { placed, rowCount } = placeFaults(faults);
  const clientTop = RULER + rowCount * FAULT_ROW + GAP;
  const machineTop = clientTop + clients.length * CLIENT_ROW + GAP;
  return {
    height: machineTop + machines.length * MACHINE_ROW + GAP,
    gutter,
    rulerHeight: RULER,
    faults: placed,
    clientTop,
    machineTop,
    clientY: (client) => clientTop + (client + 0.5) * CLIENT_ROW,
    machineY: (machine) => machineTop + (machine + 0.5) * MACHINE_ROW,
  };
}

/** Each fault in the first row that is free; when all are taken they share the last one. */
function placeFaults(faults: readonly PageFault[]): { placed: PlacedFault[]; rowCount: number } {
  const freeFrom: number[] = [];
  const placed = faults
    .toSorted((a, b) => a.startUs - b.startUs)
    .map((fault): PlacedFault => {
      let row = freeFrom.findIndex((us) => us <= fault.startUs);
      if (row < 0) row = Math.min(freeFrom.length, FAULT_ROWS_MAX - 1);
      freeFrom[row] = Math.max(freeFrom[row] ?? 0, fault.endUs);
      return { fault, y: RULER + row * FAULT_ROW };
    });
  return { placed, rowCount: freeFrom.length };
}
