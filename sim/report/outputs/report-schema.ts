import { z } from "zod";

/**
 * The report of a campaign as a file: what every other output is made from, and what shards are merged from. Apart
 * from `timings`, two reports of the same campaign and version are the same to the last byte.
 */

export const REPORT_FORMAT = "cache-sim/report";
/** Changes when a reader of the version before could not read it. */
export const REPORT_VERSION = 1;

const whole = z.number().int().min(0);
const text = z.string();

const seedRange = z.strictObject({ first: whole, last: whole });

const operation = z.strictObject({
  id: text,
  client: text,
  machine: text,
  kind: z.enum(["get", "set", "delete"]),
  key: text,
  value: text.nullable(),
  ttlMs: z.number().nullable(),
  callUs: z.number(),
  takenUs: z.number().optional(),
  returnUs: z.number().nullable().describe("Null for an operation that was still open when the run ended."),
  deadlineUs: z.number(),
  result: z.enum(["ok", "fail", "indeterminate"]),
  error: text.nullable(),
});

const violation = z.strictObject({
  invariant: text,
  key: text.nullable(),
  summary: text,
  operations: z.array(operation).describe("The certificate: the few operations that cannot all be right."),
  notes: z.array(text),
  endedBy: text.optional().describe("The probe that ended the policy's promise in this run."),
});

const problem = <Example extends z.ZodType>(example: Example) =>
  z.strictObject({
    name: text,
    seedCount: whole,
    seed: whole.describe("The lowest that shows it."),
    example,
  });

const tally = z.strictObject({
  seedCount: whole,
  violatingSeedCount: whole,
  operations: z.strictObject({ total: whole, ok: whole, fail: whole, indeterminate: whole }),
  eventCount: whole,
  virtualUs: whole,
  probes: z.array(text),
  recoveries: z.array(
    z.strictObject({
      kind: text,
      count: whole,
      neverCount: whole,
      maxUs: whole,
      bars: z.array(z.tuple([whole, whole])),
    }),
  ),
  violations: z.array(problem(violation)),
  excused: z.array(problem(violation)).describe("The same, of runs in which the policy's promise had ended."),
  errors: z.array(problem(text)).describe("Runs that could not be finished, by the kind of the error."),
  rerunCount: whole,
  mismatches: z.array(problem(text)).describe("Runs that were not the same the second time."),
});

const verdict = z.enum(["clean", "expected", "failed"]);

const row = z.strictObject({
  scenario: text,
  file: text.describe("The file of the scenario, as commands name it."),
  digest: text.describe("Of the scenario as it was read: rows that differ in it are not the same campaign."),
  policy: text,
  replication: whole,
  promises: z.array(text).describe("The invariants that must not be broken here; all others are measured."),
  verdict,
  isComplete: z.boolean(),
  tally,
});

const finding = z.strictObject({
  scenario: text,
  file: text,
  policy: text,
  kind: z.enum(["violation", "error", "nondeterminism"]),
  name: text,
  isExpected: z.boolean(),
  isKnown: z.boolean().describe("The baseline has it."),
  seedCount: whole,
  seedsRun: whole,
  seed: whole,
  summary: text,
  replay: text.describe("The command that shows it again."),
});

const regression = z.strictObject({
  name: text,
  isAsExpected: z.boolean(),
  summary: text,
  replay: text,
});

export const reportSchema = z.strictObject({
  format: z.literal(REPORT_FORMAT),
  version: z.literal(REPORT_VERSION),
  tool: z.strictObject({ name: z.literal("cache-sim"), version: text }),
  campaign: z.strictObject({
    seeds: seedRange.describe("Of every row, those of other shards included."),
    shard: z.strictObject({ number: whole.min(1), count: whole.min(1) }).nullable(),
    isStrict: z.boolean().describe("Every violation is a failure."),
    failuresMax: whole.nullable(),
    jobs: z.array(z.strictObject({ scenario: text, digest: text, policy: text })),
  }),
  verdict: z.enum(["passed", "failed"]),
  isComplete: z.boolean(),
  stoppedBy: z.enum(["failures", "time", "signal"]).nullable(),
  rows: z.array(row),
  findings: z.array(finding),
  regressions: z.array(regression),
  timings: z
    .strictObject({
      workers: whole,
      elapsedMs: z.number().min(0),
      rows: z.array(z.strictObject({ busyMs: z.number().min(0) })),
    })
    .describe("All that depends on the machine."),
});

export type ReportDocument = z.infer<typeof reportSchema>;
export type ReportRow = z.infer<typeof row>;
export type ReportFinding = z.infer<typeof finding>;
export type ReportTally = z.infer<typeof tally>;
export type ReportRegression = z.infer<typeof regression>;

/** As it is published: docs/schemas/report.schema.json. */
export function reportJsonSchema(): Record<string, unknown> {
  const { $schema, ...schema } = z.toJSONSchema(reportSchema, { target: "draft-7" });
  return { $schema, title: "A report of cache-sim, version 1", ...schema };
}
