import { InvalidArgumentError } from "@phyxius/clock";

/** `append` was called from inside a subscriber or an `emit` hook of the same journal. Nothing was appended. */
export class JournalReentrancyError extends Error {
  override readonly name = "JournalReentrancyError";

  constructor() {
    super(
      "a journal cannot be appended to from inside its own subscriber or emit hook (reentrant append); " +
        "defer it with queueMicrotask",
    );
  }
}

/** A `bounded:error` journal is full. Nothing was appended. */
export class JournalOverflowError extends Error {
  override readonly name = "JournalOverflowError";
  readonly maxEntries: number;

  constructor(maxEntries: number) {
    super(
      `the journal is full: it holds maxEntries = ${maxEntries} entries and its overflow policy is "bounded:error"; ` +
        "clear() it, raise maxEntries, or choose bounded:drop_oldest",
    );
    this.maxEntries = maxEntries;
  }
}

/**
 * The data of one entry could not be copied or could not go to or come from JSON: it is circular, holds what
 * JSON has no form for, or the serializer threw (then that is the `cause`). The journal is unchanged.
 */
export class JournalSerializationError extends InvalidArgumentError {
  override readonly name: string = "JournalSerializationError";
  readonly sequence: number;

  constructor(requirement: string, sequence: number, data: unknown, cause?: unknown) {
    super(requirement, `data of entry ${sequence}`, data, { cause });
    this.sequence = sequence;
  }
}
