import { dirname, isAbsolute, join } from "node:path";
import type { Scenario } from "../run/scenario/scenario.ts";
import { WORKLOAD_KINDS } from "../run/workload-kinds.ts";
import { readRecording } from "./read-recording.ts";
import type { Recorded } from "../run/recorded/recorder.ts";
import { RecordingError } from "../run/recorded/recording.ts";

/** Reads recorded traces, each once. */
export interface RecordingReader {
  /**
   * The scenario with the rows of the trace that it names, if it names one.
   *
   * @param file that of the scenario, from beside which the trace is named
   * @throws RecordingError when the trace cannot be used
   */
  complete(scenario: Scenario, file: string): Promise<Scenario>;
  /** One line for each trace of which not all rows could be used. */
  remarks(): string[];
}

export function createRecordingReader(): RecordingReader {
  const read = new Map<string, Promise<Recorded>>();
  const remarks: string[] = [];
  return {
    async complete(scenario, file) {
      const { trace } = scenario.workload;
      if (trace === undefined || trace.recording !== undefined) return scenario;
      const path = isAbsolute(trace.file) ? trace.file : join(dirname(file), trace.file);
      const key = JSON.stringify([path, trace]);
      let reading = read.get(key);
      if (reading === undefined) {
        reading = readRecording(path, trace);
        read.set(key, reading);
        const { remark } = await reading;
        if (remark !== null) remarks.push(remark);
      }
      const { recording } = await reading;
      const completed = { ...scenario, workload: { ...scenario.workload, trace: { ...trace, recording } } };
      requireFit(path, completed);
      return completed;
    },
    remarks: () => remarks,
  };
}

/** Whether there is enough of everything for any run. */
function requireFit(path: string, { workload: { clients, operations, trace, ttl } }: Scenario): void {
  const { count = 0, kindOf = null } = trace?.recording ?? {};
  const needed = clients * operations;
  if (count < needed) {
    const advice = "let fewer clients do fewer of them";
    throw new RecordingError(`${path}: ${count} usable rows, and ${needed} operations in a run: ${advice}`);
  }
  if (ttl === undefined && kindOf?.includes(WORKLOAD_KINDS.indexOf("touch")) === true) {
    throw new RecordingError(
      `${path}: a touch needs a time to live: add workload.ttl, from which it is drawn, or say in trace.operations what else it is`,
    );
  }
}
