import { readFile } from "node:fs/promises";

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

/** As the built code sees it. */
const TEMPLATES = new URL("../../../templates/", import.meta.url);

export function ciFiles(server: CiServer, folder: URL = TEMPLATES): Promise<CiFile[]> {
  return Promise.all(
    PLACES[server].map(async ([template, file]) => ({
      file,
      text: await readFile(new URL(template, folder), "utf8"),
    })),
  );
}
