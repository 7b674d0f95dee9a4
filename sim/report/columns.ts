/** One cell: its text, and how it is set off once it has its width. */
export interface Cell {
  readonly text: string;
  readonly set?: ((text: string) => string) | undefined;
}

export interface Column {
  readonly width: number;
  readonly align: "left" | "right";
}

const GAP = "  ";

/** One line of a table. The last column is not padded, so that lines end where their text ends. */
export function tableLine(cells: readonly Cell[], columns: readonly Column[]): string {
  const texts = cells.map(({ text, set }, index) => {
    const column = columns[index];
    const isLast = index === cells.length - 1;
    const padded = column === undefined ? text : pad(text, column, isLast);
    return set === undefined ? padded : set(padded);
  });
  return texts.join(GAP);
}

/** The width that a table of these columns takes, gaps included. */
export function tableWidth(columns: readonly Column[]): number {
  return (
    columns.reduce((total, { width }) => total + width, 0) + GAP.length * Math.max(0, columns.length - 1)
  );
}

/** Lines of cells, each column as wide as its widest cell. */
export function alignedLines(
  rows: readonly (readonly Cell[])[],
  aligns: readonly Column["align"][],
): string[] {
  const columns = aligns.map((align, index): Column => {
    return { align, width: Math.max(0, ...rows.map((row) => row[index]?.text.length ?? 0)) };
  });
  return rows.map((row) => tableLine(row, columns).trimEnd());
}

function pad(text: string, { width, align }: Column, isLast: boolean): string {
  if (align === "right") return text.padStart(width);
  return isLast ? text : text.padEnd(width);
}
