import type { Invariant } from "../../../sim/run/invariant.ts";

/** No machine holds more keys, when the run ends, than its limit allows. */
export function createRecordsBounded(recordsMax: number): Invariant {
  const name = "records-bounded";
  return {
    name,
    summary: `No machine holds more than ${recordsMax} keys.`,
    check: ({ machines }) =>
      machines
        .filter(({ replicas }) => replicas.length > recordsMax)
        .map(({ machine, replicas }) => ({
          invariant: name,
          key: null,
          summary: `${machine} holds ${replicas.length} keys; its limit is ${recordsMax}`,
          operations: [],
          notes: [],
        })),
  };
}
