export { InvalidArgumentError } from "@phyxius/clock";
export type { EmitFn, ProcessEvent } from "./events.ts";
export { ProcessError, TimeoutError } from "./process-errors.ts";
export { createProcessId, type ProcessId } from "./process-id.ts";
export {
  createRootSupervisor,
  createSupervisor,
  type HandlerSupervisor,
  type MessageOf,
  type RootSupervisor,
  spawn,
} from "./spawn.ts";
export { Supervisor } from "./supervisor.ts";
export type {
  Backoff,
  HandlerSpec,
  MailboxPolicy,
  ProcessJournal,
  ProcessOptions,
  ProcessRef,
  ProcessSpec,
  ProcessStatus,
  RootSupervisorOptions,
  StopReason,
  SupervisionStrategy,
  SupervisorOptions,
  Tools,
} from "./types.ts";
