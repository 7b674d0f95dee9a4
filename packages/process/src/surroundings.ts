/** What a process finds around it. Its children find the same. */
import { type Clock, createSystemClock } from "@phyxius/clock";
import { requireFunction } from "@phyxius/clock/argument-checks";
import type { EmitFn } from "./events.ts";
import { type GenerateProcessId, type ProcessId, createProcessId } from "./process-id.ts";
import type { ProcessJournal, SupervisorOptions } from "./types.ts";

export class Surroundings {
  declare readonly emit: EmitFn | undefined;
  declare readonly journal: ProcessJournal | undefined;
  declare readonly random: (() => number) | undefined;
  /** The clock that was given, if one was. */
  declare readonly givenClock: Clock | undefined;
  declare private readonly generateId: GenerateProcessId;
  declare private systemClock: Clock | undefined;

  constructor(options: SupervisorOptions, countedId: GenerateProcessId) {
    const { clock, emit, journal, random, generateId } = options;
    if (emit !== undefined) requireFunction("options.emit", emit);
    if (random !== undefined) requireFunction("options.random", random);
    if (generateId !== undefined) requireFunction("options.generateId", generateId);
    this.givenClock = clock;
    this.systemClock = undefined;
    this.emit = emit;
    this.journal = journal;
    this.random = random;
    this.generateId = generateId === undefined ? countedId : (name) => createProcessId(generateId(name));
  }

  /** Without one given, a system clock is made only when somebody first needs the time. */
  get clock(): Clock {
    return this.givenClock ?? (this.systemClock ??= createSystemClock());
  }

  idFor(name: string): ProcessId {
    return this.generateId(name);
  }
}
