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
export function withInterval(name: string, { value, low, high, isOpen }: Estimate): string {
  if (value === null) return "none";
  return `${measured(name, value)} [${measured(name, low)}, ${isOpen === true ? "or more" : measured(name, high)}]`;
}

/** A difference, with its sign; "=" where its interval has zero in it. */
export function difference(name: string, { value, low, high }: Estimate): string {
  if (value === null) return "none";
  return low <= 0 && high >= 0 ? "=" : signed(name, value);
}

/** The same with its interval: `+1.2ms [0.8ms, 1.6ms]`. */
export function differenceWithInterval(name: string, estimate: Estimate): string {
  const { value, low, high } = estimate;
  if (value === null || (low === 0 && high === 0)) return difference(name, estimate);
  return `${difference(name, estimate)} [${signed(name, low)}, ${signed(name, high)}]`;
}

/** Shares differ by percentage points, which are no per cent of anything. */
function signed(name: string, value: number): string {
  const sign = value > 0 ? "+" : "";
  const isShare = measureByName(name)?.unit === "share";
  return sign + (isShare ? `${digits(value * 100)}pp` : measured(name, value));
}

function digits(value: number): string {
  return String(Number(value.toPrecision(3)));
}
