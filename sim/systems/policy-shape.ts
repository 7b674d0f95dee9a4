import { z } from "zod";
import type { Policy } from "../../src/index.ts";

/** A policy file is checked when it is loaded: nobody may have compiled it against the types. */
const names = z.array(z.string().min(1).max(64)).max(100);
const aFunction = z.custom((value) => typeof value === "function", "expected a function");

const policySchema = z.looseObject({
  name: z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, "expected a name of small letters, digits and '-'"),
  summary: z.string().min(1).max(1000),
  promises: names,
  promisesUntil: z.record(z.string(), names).optional(),
  parameters: z
    .array(
      z.looseObject({
        name: z.string().regex(/^[A-Za-z][A-Za-z0-9]{0,63}$/, "expected a name of letters and digits"),
        summary: z.string().min(1).max(1000),
        min: z.number(),
        maxFor: aFunction,
        usualFor: aFunction,
      }),
    )
    .max(20)
    .optional(),
  promisesOf: aFunction.optional(),
  catchUpPeers: aFunction.optional(),
  faultBudget: z.looseObject({
    summary: z.string().min(1).max(1000),
    ownersLost: aFunction,
    lossMax: z.number().min(0).max(1).optional(),
  }),
  background: z.array(z.enum(["expiry", "health", "statistics", "repair", "hints"])).max(10),
  durability: z
    .array(z.enum(["memory", "journal"]))
    .min(1)
    .max(2),
  ttlModes: z
    .array(z.enum(["absolute", "relative"]))
    .min(1)
    .max(2)
    .optional(),
  honoursDeadlines: z.boolean(),
  hasFixedOwners: z.boolean(),
  create: aFunction,
});

export type CheckedPolicy = { readonly policy: Policy } | { readonly problem: string };

/** The policy that a module exports as `policy` or by default, or what is wrong with it, in one line. */
export function checkPolicyModule(module: {
  readonly default?: unknown;
  readonly policy?: unknown;
}): CheckedPolicy {
  const exported = module.policy ?? module.default;
  if (exported === undefined) {
    return { problem: 'it exports no policy: write "export const policy: Policy = { ... }"' };
  }
  const checked = policySchema.safeParse(exported);
  if (checked.success && isPolicy(exported)) return { policy: exported };
  const [issue] = checked.error?.issues ?? [];
  const where = ["policy", ...(issue?.path ?? [])].map(String).join(".");
  return { problem: `${where}: ${issue?.message ?? "expected a policy"}` };
}

/** What the schema has checked. */
function isPolicy(value: unknown): value is Policy {
  return policySchema.safeParse(value).success;
}
