/**
 * An invariant of the user's own: one module, named by its path where others are named by a word. Like a policy file it
 * is loaded before a run and by every worker, and a plan that names it can be replayed, shrunk and explained as any.
 */
import { z } from "zod";
import type { Operation } from "./history.ts";
import type { Invariant, RunRecord, Violation } from "./invariant.ts";
import { isPolicyFile } from "./policy-file.ts";

/** Whether an invariant is named by a file. */
export const isInvariantFile: (invariant: string) => boolean = isPolicyFile;

/** An invariant file that cannot be used, or that fails at work. The message is one line that begins with the file. */
export class InvariantFileError extends Error {
  override readonly name = "InvariantFileError";
}

/** What a file exports as `invariant` or by default. */
export interface OwnInvariant {
  /** One line for `cache-sim list`. */
  readonly summary: string;
  /** Whether breaking it is a failure whatever the policy promises; true by default. */
  readonly isUnconditional?: boolean;
  /** True for what a run that is cut short breaks only if the whole run breaks it too. */
  readonly isPrefixClosed?: boolean;
  readonly dependsOnClocks?: boolean;
  /** Pure: the same record gives the same violations in the same order. */
  check(run: RunRecord): readonly OwnViolation[];
}

export interface OwnViolation {
  /** One sentence that says what is wrong, with names and times. */
  readonly summary: string;
  /** None by default: it is not about one key. */
  readonly key?: string | null;
  /** The certificate: the few operations, of the run's history, that cannot all be right. */
  readonly operations?: readonly Operation[];
  /** Further facts a reader needs, one sentence each. */
  readonly notes?: readonly string[];
}

const invariantSchema = z.looseObject({
  summary: z
    .string()
    .min(1)
    .max(1000)
    .regex(/^[^\n]*$/, "expected one line"),
  isUnconditional: z.boolean().optional(),
  isPrefixClosed: z.boolean().optional(),
  dependsOnClocks: z.boolean().optional(),
  check: z.custom((value) => typeof value === "function", "expected a function"),
});

const VIOLATIONS_MAX = 1000;

/** Of an operation that was open when the run ended, `Infinity`. */
const timeUs = z.union([z.number(), z.literal(Number.POSITIVE_INFINITY)], { error: "expected a time" });

const violationsSchema = z
  .array(
    z.looseObject({
      summary: z.string().min(1).max(10_000),
      key: z.string().nullish(),
      operations: z
        .array(z.looseObject({ id: z.string(), callUs: z.number(), returnUs: timeUs }))
        .max(10_000)
        .optional(),
      notes: z.array(z.string().max(10_000)).max(1000).optional(),
    }),
  )
  .max(VIOLATIONS_MAX);

/**
 * The invariant of a module, under the file's path as its name.
 *
 * @throws InvariantFileError for a module that exports something else
 */
export function invariantOf(
  file: string,
  module: { readonly default?: unknown; readonly invariant?: unknown },
): Invariant {
  const exported = module.invariant ?? module.default;
  if (exported === undefined) {
    const advice = 'write "export const invariant: OwnInvariant = { ... }"';
    throw new InvariantFileError(`${file}: it exports no invariant: ${advice}`);
  }
  if (!isOwnInvariant(exported)) throw new InvariantFileError(`${file}: ${problemOf(exported)}`);
  const { summary, isUnconditional = true, isPrefixClosed = false, dependsOnClocks = false } = exported;
  return {
    name: file,
    summary,
    isUnconditional,
    isPrefixClosed,
    dependsOnClocks,
    check: (run) => violationsOf(file, exported, run),
  };
}

function problemOf(exported: unknown): string {
  const [issue] = invariantSchema.safeParse(exported).error?.issues ?? [];
  const where = ["invariant", ...(issue?.path ?? [])].map(String).join(".");
  return `${where}: ${issue?.message ?? "expected an invariant"}`;
}

/** What the schema has checked. */
function isOwnInvariant(value: unknown): value is OwnInvariant {
  return invariantSchema.safeParse(value).success;
}

function violationsOf(file: string, invariant: OwnInvariant, run: RunRecord): Violation[] {
  let found: unknown;
  try {
    found = invariant.check(run);
  } catch (error) {
    const thrown = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    throw new InvariantFileError(`${file}: its check threw ${oneLine(thrown)}`);
  }
  if (!isViolations(found)) {
    const [issue] = violationsSchema.safeParse(found).error?.issues ?? [];
    const where = issue?.path.length === 0 ? "" : ` ${issue?.path.map(String).join(".")}`;
    throw new InvariantFileError(
      `${file}: its check must return a list of violations at once:${where} ${oneLine(issue?.message ?? "")}`,
    );
  }
  return found.map(({ summary, key = null, operations = [], notes = [] }) => ({
    invariant: file,
    key,
    summary,
    operations,
    notes,
  }));
}

/** What the schema has checked; of an operation only what every report needs. */
function isViolations(value: unknown): value is readonly OwnViolation[] {
  return violationsSchema.safeParse(value).success;
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ");
}
