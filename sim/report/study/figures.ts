import { measureByName } from "../../check/measures/index.ts";
import type { Estimate } from "../../study/statistics.ts";

/** A value of a measure with its unit, to three digits. */
export function measured(name: string, value: number | null): string {
  if (value === null || Number.isNaN(value)) return "none";
  const unit = measureByName(name)?.unit;
  if (unit === "share") return `${digits(value * 100)}%`;
  return unit === "ms" ? `${digits(value)}ms` : digits(value);
}

/** The value and how far its 95% interval reaches: `12.3ms [11.9ms, 12.8ms]`. */
export function withInterval(name: string, { value, low, high }: Estimate): string {
  if (value === null) return "none";
  return `${measured(name, value)} [${measured(name, low)}, ${measured(name, high)}]`;
}

/** A difference, with its sign; "=" where its interval has zero in it. */
export function difference(name: string, { value, low, high }: Estimate): string {
  if (value === null) return "none";
  if (low <= 0 && high >= 0) return "=";
  return `${value > 0 ? "+" : ""}${measured(name, value)}`;
}

function digits(value: number): string {
  return String(Number(value.toPrecision(3)));
}
