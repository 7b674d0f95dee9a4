import type { ProcessId } from "./process-id.ts";

/** The answer to a question did not come in time. */
export class TimeoutError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "TimeoutError";
  }
}

/** A process cannot do what it was asked: it is stopped, it failed, or its mailbox is full. */
export class ProcessError extends Error {
  readonly processId: ProcessId;

  constructor(message: string, processId: ProcessId, options?: ErrorOptions) {
    super(message, options);
    this.name = "ProcessError";
    this.processId = processId;
  }
}
