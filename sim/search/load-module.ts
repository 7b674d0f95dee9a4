import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { PolicyFileError } from "../run/policy-file.ts";

const CHECK_MS = 10_000;

/**
 * The module of a policy file. JavaScript is loaded by any Node; TypeScript by those that read it themselves, from
 * 22.18 on: the types are left out, nothing is checked.
 *
 * @throws PolicyFileError
 */
export async function loadPolicyModule(file: string): Promise<object> {
  const path = resolve(file);
  if (!existsSync(path)) {
    throw new PolicyFileError(`${file}: there is no such file; paths start at ${process.cwd()}`);
  }
  const { href } = pathToFileURL(path);
  try {
    return (await import(href)) as object;
  } catch (error) {
    throw new PolicyFileError(explainImport(file, path, href, error));
  }
}

function explainImport(file: string, path: string, href: string, thrown: unknown): string {
  if (!(thrown instanceof Error)) return `${file}: it threw ${String(thrown)} while it was loaded`;
  const { code } = thrown as NodeJS.ErrnoException;
  if (code === "ERR_UNKNOWN_FILE_EXTENSION" && /\.[cm]?ts$/.test(file)) {
    const output = file.replace(/ts$/, "js");
    return (
      `${file}: Node ${process.versions.node} does not read TypeScript: use Node 22.18 or later, or compile it ` +
      `("npx tsc --module nodenext --target es2022 ${file}") and give ${output}`
    );
  }
  const [message = ""] = thrown.message.split("\n");
  const where = `${file}${lineIn(thrown.stack ?? "", path, href)}`;
  if (thrown instanceof SyntaxError) {
    const stack = where === file ? checkSyntax(path) : "";
    return `${where}${lineIn(stack, path, href)}: syntax error: ${message}`;
  }
  return `${where}: it threw ${thrown.name} while it was loaded: ${message}`;
}

/** A module's syntax error does not tell its line, but what Node prints of it does. */
function checkSyntax(path: string): string {
  return spawnSync(process.execPath, ["--check", path], { encoding: "utf8", timeout: CHECK_MS }).stderr ?? "";
}

/** `:line`, or `:line:column`, of the first place in the file that a stack names. */
function lineIn(stack: string, path: string, href: string): string {
  for (const name of [href, path, fileURLToPath(href)]) {
    const from = stack.indexOf(`${name}:`);
    const place = from < 0 ? null : /^:\d+(?::\d+)?/.exec(stack.slice(from + name.length));
    if (place !== null) return place[0];
  }
  return "";
}
