import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { packageFile } from "../../search/package-files.ts";

/** The pages that have a script; each is one module of `sim/report/page`. */
export type ScriptedPage = "run" | "study";

/**
 * The script of a page with all that it imports, as the build left it.
 *
 * @throws Error when it is not built, or would end the element that it is put into
 */
export function pageScript(page: ScriptedPage): string {
  const script = read(packageFile(`dist/bundle/page/${page}.js`));
  if (/<\/script|<!--/i.test(script))
    throw new Error(`the script of the ${page} page would end its own element`);
  return script;
}

/** As a content policy names a source that stands in the page itself. */
export function sourceHash(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}

function read(file: URL): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new Error("the page is not built: run `npm run build` first", { cause });
  }
}
