import { z } from "zod";
import { parseBound } from "../../check/measures/bounds.ts";
import { FINDING_KINDS } from "../findings.ts";
import { DOCUMENT_KIND, DOCUMENT_VERSION } from "./document.ts";

/** What a file must be like to be the report of a campaign. Published as docs/schemas/campaign.schema.json. */

const count = z.int().min(0);
const seed = z.int().min(0);
const name = z.string().max(1000);
const text = z.string().max(1_000_000);
const seeds = z.strictObject({ first: seed, last: seed }).describe("Both ends belong to the range.");
const atUs = z.union([z.number(), z.literal("never")]);

const operation = z
  .strictObject({
    id: name,
    client: name,
    machine: name,
    kind: name,
    key: text,
    value: text.nullable(),
    ttlMs: z.number().nullable(),
    callUs: atUs,
    takenUs: atUs.optional(),
    returnUs: atUs,
    deadlineUs: atUs,
    result: z.enum(["ok", "fail", "indeterminate"]),
    error: text.nullable(),
  })
  .catchall(z.json());

const violation = z.strictObject({
  invariant: name,
  key: text.nullable(),
  summary: text.describe("One sentence that says what is wrong."),
  operations: z.array(operation).max(1000).describe("The few operations that cannot all be right."),
  notes: z.array(text).max(1000),
  endedBy: name.optional().describe("What ended the policy's promise in that run."),
});

const problem = <Example extends z.ZodType>(example: Example) =>
  z.strictObject({
    name,
    shape: z
      .array(text)
      .max(1000)
      .optional()
      .describe("Of a failure: what its fingerprint has besides the name and the policy."),
    seedCount: count.describe("In how many seeds."),
    seed: seed.describe("The lowest of them."),
    example,
  });
const problems = <Example extends z.ZodType>(example: Example) => z.array(problem(example)).max(1000);

const bars = z.array(z.tuple([count, count])).max(10_000);

const gate = z.strictObject({
  bound: text.refine((bound) => !("problem" in parseBound(bound)), "expected a bound of a known measure"),
  measuredCount: count.describe("Runs that say something of the measure."),
  beyondCount: count.describe("Those that are beyond the bound by themselves."),
  part: z.number().describe("Of a share or a mean: so much of so much."),
  whole: z.number(),
  valueCount: count.describe("Of a quantile: single values, those below the limit, and those not above it."),
  lessCount: count,
  atMostCount: count,
  bars: bars.describe("Histogram of the values, 64 bars an octave; milliseconds in microseconds."),
  worst: z.strictObject({ seed, value: z.union([z.number(), z.literal("never")]) }).nullable(),
});

const tally = z.strictObject({
  seedCount: count,
  violatingSeedCount: count,
  operations: z.strictObject({ total: count, ok: count, fail: count, indeterminate: count }),
  eventCount: count,
  virtualUs: count,
  probes: z.array(name).max(10_000).describe("What happened in the system's code at least once."),
  behaviour: z
    .strictObject({
      features: z
        .array(z.tuple([name, count]))
        .max(10_000)
        .describe("What happened, as kind/name, and in how many runs."),
      transitions: z
        .array(z.tuple([count, seed]))
        .max(10_000)
        .describe(
          "Hashes of transitions of the cluster's abstract state, and the lowest seed that shows each.",
        ),
    })
    .optional()
    .describe("What was exercised."),
  recoveries: z
    .array(
      z.strictObject({
        kind: name,
        count,
        neverCount: count,
        maxUs: count,
        bars,
      }),
    )
    .max(1000)
    .describe("How long recovery took after each kind of fault, as a histogram."),
  gates: z
    .array(gate)
    .max(1000)
    .optional()
    .describe("What the runs say of each bound that the scenario has for the policy."),
  violations: problems(violation).describe("By invariant, failures by their fingerprint as well."),
  excused: problems(violation).describe("Of runs in which the policy's promise had ended."),
  errors: problems(text).describe("Runs that could not be finished, by kind of error."),
  rerunCount: count.describe("Seeds that were run twice."),
  mismatches: problems(z.strictObject({ summary: text, divergence: z.json() })).describe(
    "Runs that were not the same the second time.",
  ),
});

const row = z.strictObject({
  scenario: name,
  policy: name,
  replication: count,
  strategy: name.optional(),
  tally,
  isComplete: z.boolean(),
  file: text,
  mustHold: z
    .array(name)
    .max(1000)
    .describe("Breaking one of these is a failure, anything else a measurement."),
  reachable: z.array(name).max(10_000).optional().describe("What the runs could exercise, as kind/name."),
});

export const documentSchema = z
  .strictObject({
    kind: z.literal(DOCUMENT_KIND),
    version: z.literal(DOCUMENT_VERSION),
    campaign: z.strictObject({
      identity: name,
      seeds,
      isStrict: z.boolean(),
      shard: z.strictObject({ index: count, count }).nullable(),
    }),
    isComplete: z.boolean(),
    stoppedBy: z.enum(["signal", "time", "failures"]).nullable(),
    regressions: z.strictObject({ replayed: count, wrong: z.array(name).max(10_000) }),
    keptPlans: z
      .array(z.strictObject({ from: z.enum(["regressions", "corpus"]), file: text, summary: text }))
      .max(100_000)
      .optional()
      .describe("Plans of earlier failures that did not end as they have to."),
    rows: z.array(row).max(100_000),
    findings: z
      .array(
        z.strictObject({
          id: name.describe("Of the fingerprint: the same in every campaign that finds it."),
          kind: z.enum(FINDING_KINDS),
          name,
          policy: name,
          shape: z.array(text).max(1000).nullable(),
          seedCount: count.describe("In how many seeds, of all scenarios."),
          scenarios: z.array(name).max(100_000),
          scenario: name.describe("The one to look at, with its lowest seed."),
          seed,
          summary: text,
          isKnown: z.boolean().describe("Whether the baseline has it."),
          replay: text.describe("The command that shows it."),
        }),
      )
      .max(100_000)
      .optional()
      .describe("The failures, each fingerprint once; made from the rows."),
    timings: z
      .strictObject({ workers: count, elapsedMs: z.number(), busyMs: z.array(z.number()).max(100_000) })
      .describe("All that depends on the machine."),
  })
  .describe("A campaign of cache-sim, or a part of one.");
