import type { BugReport } from "../search/bugs/hunt-all.ts";
import { isFound, type Spread, tallyHunts } from "../search/bugs/tally-hunts.ts";

/** The results of a hunt as data, with every range. Numbers that would be infinite are null. */
export function bugsDocument(reports: readonly BugReport[], isComplete: boolean): object {
  return {
    version: 1,
    isComplete,
    bugs: reports.map((report) => {
      const { id, name, defect, schedule, base, scenario, expected } = report.bug;
      const { brokenBy, seeds, ms, operations, faults, ...tally } = tallyHunts(report);
      return {
        id,
        name,
        defect,
        schedule,
        base,
        scenario,
        expected,
        isFound: isFound(tallyHunts(report)),
        ...tally,
        brokenBy: Object.fromEntries(brokenBy),
        seeds: finite(seeds),
        ms: finite(ms),
        operations: finite(operations),
        faults: finite(faults),
        hunts: report.hunts.map(({ seeds: range, seedsRun, elapsedMs, detection }) => {
          return { firstSeed: range.first, seedsRun, ms: Math.round(elapsedMs), detection };
        }),
      };
    }),
  };
}

function finite({ median, p90 }: Spread): Readonly<Record<keyof Spread, number | null>> {
  const orNull = (value: number): number | null => (Number.isFinite(value) ? Math.round(value) : null);
  return { median: orNull(median), p90: orNull(p90) };
}
