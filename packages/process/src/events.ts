/** What processes report of themselves, to whoever asked with `emit`. */
import type { ProcessId } from "./process-id.ts";
import type { MailboxPolicy, StopReason } from "./types.ts";

export type ProcessEvent = { readonly id: ProcessId } & (
  | { readonly type: "process:start"; readonly name: string; readonly at: number }
  | { readonly type: "process:ready"; readonly startedAt: number }
  | { readonly type: "process:stop"; readonly reason: StopReason; readonly at: number }
  | { readonly type: "process:fail"; readonly error: unknown; readonly at: number }
  | { readonly type: "process:mailbox:enqueue"; readonly size: number }
  | { readonly type: "process:mailbox:full"; readonly policy: MailboxPolicy; readonly size: number }
  | {
      readonly type: "process:msg:start";
      readonly msgType: string;
      readonly seq: number;
      readonly at: number;
    }
  | {
      readonly type: "process:msg:end";
      readonly msgType: string;
      readonly seq: number;
      readonly durationMs: number;
    }
  | {
      readonly type: "process:msg:error";
      readonly msgType: string;
      readonly seq: number;
      readonly error: unknown;
    }
  | { readonly type: "supervisor:restart"; readonly attempt: number; readonly delayMs: number }
  | { readonly type: "supervisor:giveup"; readonly attempts: number; readonly withinMs: number }
);

/** Events of the processes, and whatever else a handler emits. Errors that an `emit` throws are swallowed. */
// oxlint-disable-next-line no-explicit-any -- handlers emit events of their own through the same function
export type EmitFn = (event: any) => void;

/** Watching must not change what is watched. */
export function emitQuietly(emit: EmitFn, event: unknown): void {
  try {
    emit(event);
  } catch {
    // Swallowed, as promised above.
  }
}

/** A short name for a message: its `type` if it has one, else what it is. */
export function messageType(msg: unknown): string {
  if (typeof msg !== "object" || msg === null) return typeof msg;
  if ("type" in msg && typeof msg.type === "string") return msg.type;
  return msg.constructor?.name ?? "object";
}
