import { InvalidArgumentError } from "@phyxius/clock";
import { requireClock, requireFunction } from "@phyxius/clock/argument-checks";
import type { JournalOptions, OverflowPolicy, Serializer } from "./journal-types.ts";

const POLICIES: readonly OverflowPolicy[] = ["none", "bounded:drop_oldest", "bounded:error"];

export function checkOptions<T>(options: JournalOptions<T>): void {
  if (typeof options !== "object" || options === null) {
    throw new InvalidArgumentError("A journal needs options, at least a clock", "options", options);
  }
  const { clock, idGenerator, emit, maxEntries, overflow = "none", serializer } = options;
  requireClock("options.clock", clock);
  if (idGenerator !== undefined) requireFunction("options.idGenerator", idGenerator);
  if (emit !== undefined) requireFunction("options.emit", emit);
  if (serializer !== undefined) {
    const candidate: Partial<Record<keyof Serializer<T>, unknown>> | null = serializer;
    requireFunction("options.serializer.serialize", candidate?.serialize);
    requireFunction("options.serializer.deserialize", candidate?.deserialize);
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
