import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

/** Found by the package's own name, so that it is the same for sources, for what is built of them, and for bundles. */
const ROOT = new URL("./", pathToFileURL(createRequire(import.meta.url).resolve("cache-sim/package.json")));

/** @param path from the folder of this package, as `templates/` */
export function packageFile(path: string): URL {
  return new URL(path, ROOT);
}

/** What threads load by its file, and so as JavaScript: the names are those of `bundle.js`. */
export type ThreadModule = "worker" | "hunter" | "study-worker" | "systems" | "bugs";

export function builtModule(name: ThreadModule): URL {
  return packageFile(`dist/bundle/${name}.js`);
}
