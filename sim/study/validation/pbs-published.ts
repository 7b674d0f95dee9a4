/** Table 4 of the paper of `pbs-models.ts`: milliseconds. */
export interface PublishedCell {
  readonly read: number;
  readonly write: number;
  /** 99.9th percentile of the latency of reads, by model. */
  readonly readMs: Readonly<Record<string, number>>;
  readonly writeMs: Readonly<Record<string, number>>;
  /** After how long 99.9% of reads find a write. */
  readonly visibleMs: Readonly<Record<string, number>>;
}

type Row = readonly [readMs: number, writeMs: number, visibleMs: number];

function cell(read: number, write: number, ssd: Row, disk: Row, ymmr: Row, wan: Row): PublishedCell {
  const column = (place: 0 | 1 | 2) => ({
    "LNKD-SSD": ssd[place],
    "LNKD-DISK": disk[place],
    YMMR: ymmr[place],
    WAN: wan[place],
  });
  return { read, write, readMs: column(0), writeMs: column(1), visibleMs: column(2) };
}

export const publishedCells: readonly PublishedCell[] = [
  cell(1, 1, [0.66, 0.66, 1.85], [0.66, 10.99, 45.5], [5.58, 10.83, 1364], [3.4, 55.12, 113]),
  cell(1, 2, [0.66, 1.63, 1.79], [0.65, 20.97, 43.3], [5.61, 427.12, 1352], [3.4, 167.64, 0]),
  cell(2, 1, [1.63, 0.65, 0], [1.63, 10.9, 13.6], [32.6, 10.73, 202], [151.3, 56.36, 30.2]),
  cell(2, 2, [1.62, 1.64, 0], [1.64, 20.96, 0], [33.18, 428.11, 0], [151.31, 167.72, 0]),
  cell(3, 1, [4.14, 0.65, 0], [4.12, 10.89, 0], [219.27, 10.79, 0], [153.86, 55.19, 0]),
  cell(1, 3, [0.65, 4.09, 0], [0.65, 112.65, 0], [5.63, 1870.86, 0], [3.44, 241.55, 0]),
];

/** Share of reads that are consistent at once, R = W = 1. */
export const publishedAtOnce: Readonly<Record<string, number>> = {
  "LNKD-SSD": 0.974,
  "LNKD-DISK": 0.439,
  YMMR: 0.893,
  WAN: 0.33,
};

/** How many trials each published number stands on. */
export const PUBLISHED_TRIALS = 50_000;

/** The step from one wait to the next in the authors' search, as far as their digits tell. */
export const GRID_MS: Readonly<Record<string, number>> = {
  "LNKD-SSD": 0.01,
  "LNKD-DISK": 0.1,
  YMMR: 1,
  WAN: 0.1,
};
