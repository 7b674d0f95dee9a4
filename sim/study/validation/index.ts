import type { System } from "../../run/system.ts";
import { validateDetector } from "./detector.ts";
import { validateFanOut } from "./fan-out.ts";
import type { Finding } from "./finding.ts";
import { validateStaleness } from "./k-staleness.ts";
import { validateLostWrites } from "./lost-writes.ts";
import { validateCell } from "./pbs-cell.ts";
import { pbsModels, ymmrAsPrinted } from "./pbs-models.ts";
import { publishedCells } from "./pbs-published.ts";
import { validatePlacement } from "./placement.ts";
import { validateQueues } from "./queues.ts";
import { validateAvailability } from "./quorum-availability.ts";
import type { ValidationTable } from "./tables.ts";

/** One part of the validation, as data: a worker thread can be told to do it. */
export interface ValidationPart {
  readonly table: ValidationTable;
  /** Of the published table of PBS: which cell. */
  readonly cell?: { readonly model: string; readonly read: number; readonly write: number };
}

const models = [...pbsModels, ymmrAsPrinted];

/** The parts of these tables, the longest first, so that none is left over at the end. */
export function validationParts(tables: readonly ValidationTable[]): ValidationPart[] {
  return tables.flatMap((table): ValidationPart[] => {
    if (table !== "pbs") return [{ table }];
    const cells = pbsModels.flatMap(({ name: model }) =>
      publishedCells.map(({ read, write }): ValidationPart => ({ table, cell: { model, read, write } })),
    );
    return [...cells, { table, cell: { model: ymmrAsPrinted.name, read: 1, write: 1 } }];
  });
}

/** @param trialCount for each cell of the table of PBS */
export async function validate(part: ValidationPart, system: System, trialCount: number): Promise<Finding[]> {
  switch (part.table) {
    case "pbs":
      return validatePbs(part, system, trialCount);
    case "k-staleness":
      return validateStaleness(system);
    case "quorums":
      return validateAvailability(system);
    case "fan-out":
      return validateFanOut(system);
    case "placement":
      return validatePlacement(system);
    case "lost-writes":
      return validateLostWrites(system);
    case "queues":
      return validateQueues();
    case "detector":
      return validateDetector();
  }
}

async function validatePbs({ cell }: ValidationPart, system: System, trialCount: number): Promise<Finding[]> {
  const model = models.find(({ name }) => name === cell?.model);
  if (cell === undefined || model === undefined) throw new RangeError(`no model is called "${cell?.model}"`);
  const { read, write } = cell;
  if (model !== ymmrAsPrinted)
    return validateCell(system, { ...cell, model, column: model.name }, trialCount);
  const findings = await validateCell(system, { model, column: "YMMR", read, write }, trialCount);
  return findings.map((finding) => ({
    ...finding,
    verdict: "shown",
    remark:
      "the paper prints the exponent 3.35, its authors' code has 3.5, which is judged above; " +
      "the intervals of this one cell are too wide to tell them apart",
  }));
}
