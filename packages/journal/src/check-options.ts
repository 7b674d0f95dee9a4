import { InvalidArgumentError } from "@phyxius/clock";
import type { JournalOptions, OverflowPolicy, Serializer } from "./journal-types.ts";

const POLICIES: readonly OverflowPolicy[] = ["none", "bounded:drop_oldest", "bounded:error"];

function requireFunction(value: unknown, argument: string): void {
  if (typeof value !== "function") throw new InvalidArgumentError("A function is needed", argument, value);
}

export function checkOptions<T>(options: JournalOptions<T>): void {
  if (typeof options !== "object" || options === null) {
    throw new InvalidArgumentError("A journal needs options, at least a clock", "options", options);
  }
  const { clock, idGenerator, emit, maxEntries, overflow = "none", serializer } = options;
  if (typeof clock?.now !== "function") {
    throw new InvalidArgumentError("A journal needs a Clock", "options.clock", clock);
  }
  if (idGenerator !== undefined) requireFunction(idGenerator, "options.idGenerator");
  if (emit !== undefined) requireFunction(emit, "options.emit");
  if (serializer !== undefined) {
    const candidate: Partial<Record<keyof Serializer<T>, unknown>> | null = serializer;
    requireFunction(candidate?.serialize, "options.serializer.serialize");
    requireFunction(candidate?.deserialize, "options.serializer.deserialize");
  }
  if (!POLICIES.includes(overflow)) {
    const rule = `An overflow policy must be one of ${POLICIES.map((policy) => `"${policy}"`).join(", ")}`;
    throw new InvalidArgumentError(rule, "options.overflow", overflow);
  }
  const isMissing = maxEntries === undefined && overflow !== "none";
  if (isMissing || (maxEntries !== undefined && (!Number.isSafeInteger(maxEntries) || maxEntries < 1))) {
    const rule = "A bound must be a whole number of entries, at least 1";
    throw new InvalidArgumentError(rule, "options.maxEntries", maxEntries);
  }
}
