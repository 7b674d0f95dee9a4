import { z } from "zod";
import type { Model } from "../check/models/model.ts";
import { modelByName, models } from "../check/models/index.ts";
import { callNameSchema } from "../run/plan.ts";
import { didYouMean, oneOf } from "../run/suggest.ts";
import { type OwnSystem, SystemFileError } from "./own-system.ts";

/** A system file is checked when it is loaded: nobody may have compiled it against the types. */
const aFunction = z.custom((value) => typeof value === "function", "expected a function");
const line = z
  .string()
  .min(1)
  .max(1000)
  .regex(/^[^\n]*$/, "expected one line");
const name = z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, "expected a name of small letters, digits and '-'");
const hookPoints = z.record(name, line).optional();

const systemSchema = z.looseObject({
  summary: line,
  operations: z
    .record(
      callNameSchema,
      z.looseObject({ weight: z.number().min(0).max(1_000_000).optional(), input: aFunction.optional() }),
    )
    .refine(
      (operations) => Object.values(operations).some(({ weight = 1 }) => weight > 0),
      "expected at least one operation with a weight above 0",
    ),
  isKeyed: z.boolean().optional(),
  audit: z.string().optional(),
  model: z.union([z.string(), z.looseObject({ prepare: aFunction, start: aFunction })]).optional(),
  initial: z.json().optional(),
  invariants: z.record(name, z.unknown()).optional(),
  variants: z
    .record(name, z.looseObject({ summary: line, promises: z.array(z.string()).max(100).optional() }))
    .refine((variants) => Object.keys(variants).length > 0, "expected at least one variant, or none of this")
    .optional(),
  hooks: z.looseObject({ detours: hookPoints, probes: hookPoints, crashpoints: hookPoints }).optional(),
  describeFrame: aFunction.optional(),
  start: aFunction,
});

/** Whether a module is that of a system. */
export function isSystemModule(module: object): module is { readonly system: unknown } {
  return "system" in module;
}

/**
 * What a system file exports as `system`.
 *
 * @throws SystemFileError
 */
export function ownSystemOf(file: string, { system }: { readonly system: unknown }): OwnSystem {
  const fail = (problem: string): never => {
    throw new SystemFileError(`${file}: ${problem}`);
  };
  const checked = systemSchema.safeParse(system);
  if (!checked.success || !isOwnSystem(system)) {
    const [issue] = checked.error?.issues ?? [];
    const where = ["system", ...(issue?.path ?? [])].map(String).join(".");
    return fail(`${where}: ${issue?.message ?? "expected a system"}`);
  }
  const operations = Object.keys(system.operations);
  const { audit } = system;
  if (audit !== undefined && !operations.includes(audit)) {
    fail(
      `system.audit: expected ${oneOf("operations", operations)}, got "${audit}"${didYouMean(audit, operations)}`,
    );
  }
  const model = modelOf(file, system);
  const unknown = model === null ? undefined : operations.find((f) => !Object.hasOwn(model.names, f));
  if (model !== null && unknown !== undefined) {
    fail(
      `system.operations.${unknown}: the model ${model.name} has no such operation, only ` +
        Object.keys(model.names).join(", "),
    );
  }
  return system;
}

/**
 * The model of a system; null when it has none.
 *
 * @throws SystemFileError when no model has its name
 */
export function modelOf(file: string, { model }: OwnSystem): Model | null {
  if (typeof model !== "string") return model ?? null;
  const found = modelByName(model);
  if (found !== undefined) return found;
  const names = models.map((each) => each.name);
  throw new SystemFileError(
    `${file}: system.model: expected ${oneOf("models", names)}, got "${model}"${didYouMean(model, names)}`,
  );
}

/** What the schema has checked. */
function isOwnSystem(value: unknown): value is OwnSystem {
  return systemSchema.safeParse(value).success;
}
