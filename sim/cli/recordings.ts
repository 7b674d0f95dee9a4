import { visible } from "../report/visible.ts";
import { RecordingError } from "../run/recorded/recording.ts";
import { createRecordingReader, type RecordingReader } from "../search/recordings.ts";
import { UsageError } from "./usage-error.ts";

/** The same, with mistakes as those of the user, and with remarks as they are printed. */
export function createRecordings(): RecordingReader {
  const reader = createRecordingReader();
  return {
    async complete(scenario, file) {
      try {
        return await reader.complete(scenario, file);
      } catch (error) {
        if (error instanceof RecordingError) throw new UsageError(error.message.split("\n").map(visible));
        throw error;
      }
    },
    remarks: () => reader.remarks().map(visible),
  };
}
