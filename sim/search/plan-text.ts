import type { Plan } from "../run/plan.ts";

/**
 * A plan as a person edits it: JSON with one line an operation, a fault or a client, so that removing one is
 * removing a line.
 */
export function planText(plan: Plan): string {
  const fields = Object.entries(plan).map(
    ([name, value]) => `  ${JSON.stringify(name)}: ${fieldText(value)}`,
  );
  return `{\n${fields.join(",\n")}\n}\n`;
}

function fieldText(value: unknown): string {
  if (Array.isArray(value) && value.some((item) => typeof item === "object")) {
    return `[\n${value.map((item) => `    ${inlineText(item)}`).join(",\n")}\n  ]`;
  }
  return inlineText(value);
}

/** JSON on one line, with a space where a person would put one. */
function inlineText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inlineText).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  if (fields.length === 0) return "{}";
  return `{ ${fields.map(([name, field]) => `${JSON.stringify(name)}: ${inlineText(field)}`).join(", ")} }`;
}
