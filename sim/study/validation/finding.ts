import { type Interval, isWithin } from "./intervals.ts";

/** One published number beside ours. */
export interface Finding {
  readonly table: string;
  /** Which cell of it, in words. */
  readonly what: string;
  readonly published: number;
  readonly ours: number;
  /** Where the published number is to be expected, if it is right and so are we; a point where chance has no part. */
  readonly interval: Interval;
  /** What gave our number: the cache itself, its placement, or a simulation beside it of what the cache has no use for. */
  readonly by: "cache" | "simulation";
  /** `shown` where no agreement is to be expected, and the remark says why. */
  readonly verdict: "agrees" | "differs" | "shown";
  readonly remark?: string;
}

/** Says whether the published value lies where it should; `slack` is what its last digit leaves open. */
export function judged(finding: Omit<Finding, "verdict">, slack = 0): Finding {
  const { interval, published } = finding;
  return { ...finding, verdict: isWithin(interval, published, slack) ? "agrees" : "differs" };
}
