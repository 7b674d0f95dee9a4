/** What the page of a study draws from. */
export interface StudyData {
  readonly measures: readonly string[];
  readonly better: readonly ("less" | "more")[];
  readonly units: readonly string[];
  readonly rows: readonly StudyPoint[];
}

/** A policy under a condition, with an estimate of each measure. */
export interface StudyPoint {
  readonly condition: string;
  readonly policy: string;
  readonly estimates: readonly StudyEstimate[];
}

interface StudyEstimate {
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
}
