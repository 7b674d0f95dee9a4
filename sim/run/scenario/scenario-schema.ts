import { z } from "zod";
import { scenarioSchema } from "./scenario.ts";

/**
 * The JSON Schema of scenario files, for editors that complete and check YAML. It says what may be written
 * (`20ms`), not what becomes of it. Draft 7 is what the editors' YAML language server knows best.
 */
export function scenarioJsonSchema(): Record<string, unknown> {
  const { $schema, ...schema } = z.toJSONSchema(scenarioSchema, { io: "input", target: "draft-7" });
  return { $schema, title: "A scenario of cache-sim", ...schema };
}
