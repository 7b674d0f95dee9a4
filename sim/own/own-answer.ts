import type { Data } from "../run/history.ts";
import type { OperationAnswer } from "../run/system.ts";

/** Deeper data is nothing that anybody reads. */
const DEPTH_MAX = 32;

/** Whether a value is JSON data: no functions, no infinite numbers, nothing undefined. */
export function isData(value: unknown, depth = 0): value is Data {
  if (value === null || typeof value === "boolean" || typeof value === "string") return true;
  if (typeof value === "number") return Number.isFinite(value);
  if (typeof value !== "object" || depth >= DEPTH_MAX) return false;
  if (Array.isArray(value)) return value.every((item) => isData(item, depth + 1));
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return false;
  return Object.values(value).every((part) => isData(part, depth + 1));
}

/** What a node answered, as the harness knows it; or what is wrong with it. */
export function readAnswer(answered: unknown): OperationAnswer | { readonly problem: string } {
  if (typeof answered !== "object" || answered === null) {
    return { problem: `expected { result: "ok", output } or the like, got ${kindOf(answered)}` };
  }
  const { result, output = null, error } = answered as Readonly<Record<string, unknown>>;
  if (result === "ok") {
    return isData(output)
      ? { result, value: null, error: null, output }
      : { problem: `output: expected JSON data, got ${kindOf(output)}` };
  }
  if (result !== "fail" && result !== "indeterminate") {
    return { problem: `result: expected "ok", "fail" or "indeterminate", got ${kindOf(result)}` };
  }
  if (typeof error === "string" && error !== "") return { result, value: null, error };
  return { problem: `error: expected why it did not end ok, in a few words, got ${kindOf(error)}` };
}

function kindOf(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.slice(0, 40));
  return value === null || value === undefined || typeof value === "number" ? String(value) : typeof value;
}
