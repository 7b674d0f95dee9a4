import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { emptyFolder } from "./cli.ts";

/** Fourteen runs of a second or so of virtual time. */
export const SMALL_STUDY = `name: small
story: What does a majority cost?
scenario:
  cluster: { machines: 3 }
  workload: { clients: 3, operations: 10, keys: 3 }
  phases: { safety: 2s, settle: 1s, audit: 2s }
  faults: [{ kind: partition, lasts: 500ms..1s }]
policies: [seed, abd]
measures: [read-p50, availability, messages]
seeds: 7
`;

/** A folder with a study as small.yaml, which is gone after the test. */
export function folderWith(study: string): string {
  const cwd = emptyFolder();
  writeFileSync(join(cwd, "small.yaml"), study);
  return cwd;
}
