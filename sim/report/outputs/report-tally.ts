import type { Violation } from "../../run/invariant.ts";
import type { Problem, Tally } from "../../search/tally.ts";
import type { ReportTally } from "./report-schema.ts";

type ReportViolation = ReportTally["violations"][number]["example"];

/** A tally as the file has it: an open operation has no end, and of what differed there is the sentence. */
export function toReportTally(tally: Tally): ReportTally {
  return {
    ...tally,
    operations: { ...tally.operations },
    probes: [...tally.probes],
    recoveries: tally.recoveries.map((each) => ({
      ...each,
      bars: each.bars.map(([bar, count]): [number, number] => [bar, count]),
    })),
    violations: tally.violations.map((problem) => withExample(problem, toReportViolation)),
    excused: tally.excused.map((problem) => withExample(problem, toReportViolation)),
    errors: tally.errors.map((problem) => ({ ...problem })),
    mismatches: tally.mismatches.map((problem) => withExample(problem, ({ summary }) => summary)),
  };
}

export function fromReportTally(tally: ReportTally): Tally {
  return {
    ...tally,
    violations: tally.violations.map((problem) => withExample(problem, fromReportViolation)),
    excused: tally.excused.map((problem) => withExample(problem, fromReportViolation)),
    mismatches: tally.mismatches.map((problem) =>
      withExample(problem, (summary) => ({ summary, divergence: null })),
    ),
  };
}

function withExample<From, To>(problem: Problem<From>, change: (example: From) => To): Problem<To> {
  return { ...problem, example: change(problem.example) };
}

function toReportViolation({ operations, notes, ...violation }: Violation): ReportViolation {
  return {
    ...violation,
    operations: operations.map((each) => ({
      ...each,
      returnUs: each.returnUs === Infinity ? null : each.returnUs,
    })),
    notes: [...notes],
  };
}

function fromReportViolation({ endedBy, operations, ...violation }: ReportViolation): Violation {
  return {
    ...violation,
    operations: operations.map(({ takenUs, ...each }) => ({
      ...each,
      ...(takenUs === undefined ? {} : { takenUs }),
      returnUs: each.returnUs ?? Infinity,
    })),
    ...(endedBy === undefined ? {} : { endedBy }),
  };
}
