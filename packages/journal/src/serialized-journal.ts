import { InvalidArgumentError } from "@phyxius/clock";
import type { SerializedJournal } from "./journal-types.ts";

function requireRecord(value: unknown, argument: string): Record<string, unknown> {
  if (typeof value !== "object" || value === null) {
    throw new InvalidArgumentError("A serialized journal needs an object here", argument, value);
  }
  return value as Record<string, unknown>;
}

function requireSequence(value: unknown, argument: string): number {
  if (!Number.isSafeInteger(value) || (value as number) < 0) {
    throw new InvalidArgumentError("A sequence must be a whole number from 0", argument, value);
  }
  return value as number;
}

function requireInstant(value: unknown, argument: string): void {
  const { wallMs, monoMs } = requireRecord(value, argument);
  for (const [name, track] of Object.entries({ wallMs, monoMs })) {
    if (!Number.isFinite(track)) {
      throw new InvalidArgumentError("A time must be finite milliseconds", `${argument}.${name}`, track);
    }
  }
}

/**
 * Checks what should have come from `toJSON` (or from `JSON.stringify` of a journal, as text) before anything
 * is built of it. The entries of a journal are consecutive and end right before `nextSequence`.
 */
export function readSerializedJournal(json: unknown): SerializedJournal {
  let parsed = json;
  if (typeof json === "string") {
    try {
      parsed = JSON.parse(json);
    } catch (cause) {
      throw new InvalidArgumentError("A journal must be valid JSON", "json", json, { cause });
    }
  }
  const record = requireRecord(parsed, "json");
  const nextSequence = requireSequence(record["nextSequence"], "json.nextSequence");
  if (record["createdAt"] !== undefined) requireInstant(record["createdAt"], "json.createdAt");

  const entries: unknown = record["entries"];
  if (!Array.isArray(entries)) {
    throw new InvalidArgumentError("A serialized journal needs an array here", "json.entries", entries);
  }
  entries.forEach((candidate: unknown, index) => {
    const name = `json.entries[${index}]`;
    const entry = requireRecord(candidate, name);
    if (typeof entry["id"] !== "string") {
      throw new InvalidArgumentError("An id must be a string", `${name}.id`, entry["id"]);
    }
    requireInstant(entry["timestamp"], `${name}.timestamp`);
    const sequence = requireSequence(entry["sequence"], `${name}.sequence`);
    const expected = nextSequence - entries.length + index;
    if (sequence !== expected) {
      const rule = `Entries must be consecutive up to nextSequence, which makes this one ${expected}`;
      throw new InvalidArgumentError(rule, `${name}.sequence`, sequence);
    }
  });
  return parsed as SerializedJournal;
}
