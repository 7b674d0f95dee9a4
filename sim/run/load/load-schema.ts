import type { z } from "zod";
import type { Path } from "./load-problem.ts";

/** Walking along a path: through a value, and through the schema that the value should obey. */

export function valueAt(root: unknown, path: Path): unknown {
  let value = root;
  for (const part of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Record<string | number, unknown>)[part];
  }
  return value;
}

/** The names that a mapping at `path` may have, as the schema says; none when it does not say. */
export function keysAt(schema: z.ZodType, root: unknown, path: Path): string[] {
  let inner: z.core.$ZodType | undefined = schema;
  for (let depth = 0; inner !== undefined; depth++) {
    const def = definition(unwrap(inner, valueAt(root, path.slice(0, depth))));
    if (depth === path.length) return def.type === "object" ? Object.keys(def.shape) : [];
    inner = partOf(def, path[depth]);
  }
  return [];
}

type Definition = z.core.$ZodTypes["_zod"]["def"];

function definition(schema: z.core.$ZodType): Definition {
  return (schema as z.core.$ZodTypes)._zod.def;
}

function partOf(def: Definition, part: string | number | undefined): z.core.$ZodType | undefined {
  if (def.type === "object") return def.shape[String(part)];
  if (def.type === "array") return def.element;
  return def.type === "record" ? def.valueType : undefined;
}

/** The object, list or plain schema inside wrappers; of a union, the member that the value seems to be. */
function unwrap(schema: z.core.$ZodType, value: unknown): z.core.$ZodType {
  const def = definition(schema);
  if (def.type === "optional" || def.type === "default" || def.type === "prefault") {
    return unwrap(def.innerType, value);
  }
  if (def.type === "pipe") return unwrap(def.in, value);
  if (def.type !== "union") return schema;
  const { discriminator: tag } = def as Partial<z.core.$ZodDiscriminatedUnionDef>;
  const member = def.options.find((option) => {
    const inner = definition(unwrap(option, value));
    if (tag === undefined) return inner.type === (Array.isArray(value) ? "array" : "object");
    const literal = inner.type === "object" ? inner.shape[tag] : undefined;
    return literal?._zod.values?.has(valueAt(value, [tag]) as z.core.util.Primitive) === true;
  });
  return member === undefined ? schema : unwrap(member, value);
}
