import type { PageFault, PagePayload } from "./payload.ts";

/** Where things stand in the diagram, from top to bottom, in CSS pixels; time goes from left to right. */
export interface Layout {
  readonly height: number;
  /** Of the curve above the ruler; 0 without one. */
  readonly oddsHeight: number;
  /** Room for the names of the lanes. */
  readonly gutter: number;
  /** Where the ruler ends, which stays on top, with the curve over it. */
  readonly rulerHeight: number;
  /** Of the row of the changes; null without any. */
  readonly changesY: number | null;
  readonly faults: readonly PlacedFault[];
  readonly machineCount: number;
  readonly clientTop: number;
  readonly machineTop: number;
  clientY(client: number): number;
  machineY(machine: number): number;
}

export interface PlacedFault {
  readonly fault: PageFault;
  readonly row: number;
  readonly y: number;
}

export const RULER = 26;
const ODDS = 62;
export const FAULT_ROW = 20;
export const CLIENT_ROW = 20;
export const MACHINE_ROW = 58;
const FAULT_ROWS_MAX = 6;
const GAP = 10;

export function createLayout(payload: PagePayload, width: number): Layout {
  const { machines, clients, faults, changes, explanation } = payload;
  const gutter = width < 560 ? 54 : 84;
  const oddsHeight = (explanation?.odds.length ?? 0) > 1 ? ODDS : 0;
  const rulerHeight = oddsHeight + RULER;
  const { placed, rowCount } = placeFaults(faults, rulerHeight);
  const faultsEnd = rulerHeight + rowCount * FAULT_ROW;
  const clientTop = faultsEnd + (changes.length === 0 ? 0 : FAULT_ROW) + GAP;
  const machineTop = clientTop + clients.length * CLIENT_ROW + GAP;
  return {
    height: machineTop + machines.length * MACHINE_ROW + GAP,
    oddsHeight,
    gutter,
    rulerHeight,
    changesY: changes.length === 0 ? null : faultsEnd,
    faults: placed,
    machineCount: machines.length,
    clientTop,
    machineTop,
    clientY: (client) => clientTop + (client + 0.5) * CLIENT_ROW,
    machineY: (machine) => machineTop + (machine + 0.5) * MACHINE_ROW,
  };
}

/** Each fault in the first row that is free; when all are taken they share the last one. */
function placeFaults(faults: readonly PageFault[], top: number): { placed: PlacedFault[]; rowCount: number } {
  const freeFrom: number[] = [];
  const placed = faults
    .toSorted((a, b) => a.startUs - b.startUs)
    .map((fault): PlacedFault => {
      let row = freeFrom.findIndex((us) => us <= fault.startUs);
      if (row < 0) row = Math.min(freeFrom.length, FAULT_ROWS_MAX - 1);
      freeFrom[row] = Math.max(freeFrom[row] ?? 0, fault.endUs);
      return { fault, row, y: top + row * FAULT_ROW };
    });
  return { placed, rowCount: freeFrom.length };
}
