import { checkName, type KnownNames } from "./load-names.ts";
import type { Finding } from "./load-problem.ts";

/** The system's own names for how often and how long it does things. */
export function checkTiming(
  timing: Readonly<Record<string, number>> = {},
  { timings }: Pick<KnownNames, "timings">,
): Finding[] {
  return Object.entries(timing).flatMap(([name, ms]): Finding[] => {
    const path = ["timing", name];
    if (timings !== undefined && !timings.includes(name)) {
      return checkName(path, "timings", name, timings).map((finding) => ({ ...finding, at: "key" as const }));
    }
    if (Number.isInteger(ms) && ms >= 1 && ms <= TIMING_MS_MAX) return [];
    return [{ path, at: "value", message: `expected a whole number of milliseconds from 1ms to 24 days` }];
  });
}

/** The system's own names for how many of something make it act. */
export function checkThresholds(
  given: Readonly<Record<string, number>> = {},
  { thresholds }: Pick<KnownNames, "thresholds">,
): Finding[] {
  if (thresholds === undefined) return [];
  return Object.keys(given).flatMap((name) =>
    checkName(["thresholds", name], "thresholds", name, thresholds).map((finding) => ({
      ...finding,
      at: "key" as const,
    })),
  );
}

/** Timers take no longer waits. */
const TIMING_MS_MAX = 2_147_483_647;
