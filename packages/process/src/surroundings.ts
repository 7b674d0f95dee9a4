/** What a process finds around it. Its children find the same. */
import type { Clock } from "@phyxius/clock";
import type { EmitFn } from "./events.ts";
import type { GenerateProcessId } from "./process-id.ts";
import type { ProcessJournal } from "./types.ts";

export interface Surroundings {
  /** A function, because a system clock is made only when somebody first needs the time. */
  clock(): Clock;
  readonly emit: EmitFn | undefined;
  readonly journal: ProcessJournal | undefined;
  readonly random: (() => number) | undefined;
  readonly generateId: GenerateProcessId;
}
