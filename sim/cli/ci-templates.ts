import { readFile } from "node:fs/promises";
import { packageFile } from "../search/package-files.ts";

/** Build servers for which there are files to go on from. */
export const ciServers = ["github", "gitlab"] as const;

export type CiServer = (typeof ciServers)[number];

/** Where each template goes, below the folder of the repository. */
const PLACES: Readonly<Record<CiServer, readonly (readonly [template: string, file: string])[]>> = {
  github: [
    ["github/cache-sim.yml", ".github/workflows/cache-sim.yml"],
    ["github/cache-sim-nightly.yml", ".github/workflows/cache-sim-nightly.yml"],
  ],
  gitlab: [["gitlab/cache-sim.yml", ".gitlab/cache-sim.yml"]],
};

export interface CiFile {
  readonly file: string;
  readonly text: string;
}

export function ciFiles(server: CiServer, folder: URL = packageFile("templates/")): Promise<CiFile[]> {
  return Promise.all(
    PLACES[server].map(async ([template, file]) => ({
      file,
      text: await readFile(new URL(template, folder), "utf8"),
    })),
  );
}
