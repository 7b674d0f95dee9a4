import { z } from "zod";
import type { Recording } from "../recorded/recording.ts";
import { WORKLOAD_KINDS } from "../workload-kinds.ts";

const column = z.union([z.string().min(1).max(200), z.int().min(1).max(1000)]);

export const ROWS_MAX = 100_000;

/** A recorded trace of requests, by which clients act. */
export const scenarioTrace = z
  .strictObject({
    file: z
      .string()
      .min(1)
      .max(1024)
      .describe("A CSV file, from beside the scenario's; one that ends in .gz is unpacked."),
    columns: z
      .strictObject({
        key: column.describe("What is asked for."),
        operation: column.optional().describe("What is done; without it, kinds are drawn from `mix`."),
        time: column
          .optional()
          .describe("When, as a number that does not fall; without it, clients act in rounds as usual."),
      })
      .describe("Which columns to read, by the names of the first row or by their numbers from 1."),
    header: z
      .boolean()
      .optional()
      .describe("Whether the first row has names. Default: when a column is given by its name."),
    delimiter: z
      .string()
      .regex(/^[^"\r\n]$/, "expected one character that is no quote and no line end")
      .default(",")
      .describe("What stands between fields."),
    operations: z
      .record(z.string().min(1).max(200), z.enum(WORKLOAD_KINDS))
      .optional()
      .describe(
        "What the values of the operation column mean. Default: get, read, set, write, put, add, replace, delete, " +
          "remove, cas, touch, in any case.",
      ),
    rows: z
      .int()
      .min(1)
      .max(ROWS_MAX)
      .default(10_000)
      .describe(
        "How many rows are read, from the first. A run takes a stretch of them, another one for every seed.",
      ),
  })
  .describe(
    "A recorded trace: which operations, on which keys, and when. Times keep their proportions and fill the run.",
  );

/** The trace of a scenario, with its rows once they have been read. */
export type ScenarioTrace = z.infer<typeof scenarioTrace> & { readonly recording?: Recording | undefined };
