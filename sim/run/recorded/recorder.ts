import type { ScenarioTrace } from "../scenario/scenario-trace.ts";
import { didYouMean, oneOf } from "../suggest.ts";
import { WORKLOAD_KINDS, type WorkloadKind } from "../workload-kinds.ts";
import type { CsvRecord } from "./csv.ts";
import { type Recording, RecordingError } from "./recording.ts";

/** What was read of a file. */
export interface Recorded {
  readonly recording: Recording;
  /** One line about rows that say nothing; null when there are none. */
  readonly remark: string | null;
}

export interface Recorder {
  /**
   * @returns whether there are enough rows now
   * @throws RecordingError when the first row has not the columns
   */
  take(record: CsvRecord): boolean;
  /** @throws RecordingError when there are no rows, or too many say nothing */
  end(): Recorded;
}

const KEY_LENGTH_MAX = 1024;
const PROBLEMS_SHOWN = 3;
/** Of more rows than that nothing is known, the columns are probably others. */
const SKIPPED_SHARE_MAX = 0.1;

const NAMES_USUAL: Readonly<Record<string, WorkloadKind>> = {
  get: "get",
  read: "get",
  set: "set",
  write: "set",
  put: "set",
  add: "set",
  replace: "set",
  delete: "delete",
  remove: "delete",
  cas: "compareAndSet",
  touch: "touch",
};

/** Turns records into rows. Pure. */
export function createRecorder(file: string, { columns, header, operations, rows }: ScenarioTrace): Recorder {
  const wanted = Object.values(columns);
  let isHeaderNext = header ?? wanted.some((column) => typeof column === "string");
  let places = placesOf([]);
  const kinds = new Map(
    Object.entries(operations ?? NAMES_USUAL).map(([name, kind]) => [name.toLowerCase(), kind]),
  );
  const keyPlaces = new Map<string, number>();
  const keyOf: number[] = [];
  const kindOf: number[] = [];
  const times: number[] = [];
  /** The first few. */
  const problems: string[] = [];
  let readCount = 0;

  function placesOf(names: readonly string[]): Record<keyof typeof columns, number> {
    const placeOf = (column: string | number | undefined): number => {
      if (column === undefined) return -1;
      if (typeof column === "number") return column - 1;
      const place = names.findIndex((name) => name.trim() === column);
      if (place >= 0) return place;
      if (names.length === 0) return -1;
      const expected = `expected ${oneOf("columns", names)}, got "${column}"${didYouMean(column, names)}`;
      throw new RecordingError(`${file}:1: ${expected}`);
    };
    return { key: placeOf(columns.key), operation: placeOf(columns.operation), time: placeOf(columns.time) };
  }

  /** Adds a row, or says why it is none. */
  function add(fields: readonly string[]): string | null {
    const fieldAt = (column: keyof typeof columns): string | undefined => fields[places[column]];
    const missing = (["key", "operation", "time"] as const).find(
      (column) => columns[column] !== undefined && fieldAt(column) === undefined,
    );
    if (missing !== undefined) return `${fields.length} fields, and no ${missing} among them`;
    const key = fieldAt("key") ?? "";
    if (key === "" || key.length > KEY_LENGTH_MAX) {
      return `expected a key of 1 to ${KEY_LENGTH_MAX} characters, got ${key.length}`;
    }
    const operation = fieldAt("operation");
    const kind = kinds.get(operation?.trim().toLowerCase() ?? "");
    if (operation !== undefined && kind === undefined) {
      const names = [...kinds.keys()];
      return `expected ${oneOf("operations", names)}, got "${operation}"${didYouMean(operation, names)}`;
    }
    const timeText = fieldAt("time");
    const time = timeText === undefined || timeText.trim() === "" ? Number.NaN : Number(timeText);
    if (timeText !== undefined) {
      if (!Number.isFinite(time)) return `expected a time, got "${timeText}"`;
      const before = times.at(-1) ?? -Infinity;
      if (time < before) return `the time falls from ${before} to ${time}`;
      times.push(time);
    }
    const place = keyPlaces.get(key) ?? keyPlaces.size;
    keyPlaces.set(key, place);
    keyOf.push(place);
    if (kind !== undefined) kindOf.push(WORKLOAD_KINDS.indexOf(kind));
    return null;
  }

  return {
    take({ line, fields, problem }) {
      if (isHeaderNext) {
        if (problem !== null)
          throw new RecordingError(`${file}:${line}: expected the names of columns: ${problem}`);
        places = placesOf(fields);
        isHeaderNext = false;
        return false;
      }
      readCount++;
      const wrong = problem ?? add(fields);
      if (wrong !== null && problems.length < PROBLEMS_SHOWN) problems.push(`${file}:${line}: ${wrong}`);
      return keyOf.length >= rows;
    },
    end() {
      const skippedCount = readCount - keyOf.length;
      const tally = `${skippedCount} of ${readCount} rows`;
      if (skippedCount > readCount * SKIPPED_SHARE_MAX) {
        throw new RecordingError(
          [`${file}: ${tally} say nothing, so the columns are probably others:`, ...problems].join("\n"),
        );
      }
      if (readCount === 0) throw new RecordingError(`${file}: no rows`);
      return {
        recording: {
          count: keyOf.length,
          keys: [...keyPlaces.keys()],
          keyOf: Uint32Array.from(keyOf),
          kindOf: columns.operation === undefined ? null : Uint8Array.from(kindOf),
          times: columns.time === undefined ? null : Float64Array.from(times),
        },
        remark: skippedCount === 0 ? null : `${file}: ${tally} skipped, such as ${problems.join("; ")}`,
      };
    },
  };
}
