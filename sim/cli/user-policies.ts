import { relative, resolve, sep } from "node:path";
import { policyName } from "../run/policy-text.ts";
import { isPolicyFile, PolicyFileError } from "../run/policy-file.ts";
import { visible } from "../report/visible.ts";
import { type Harness, withPolicyFiles } from "../search/harness.ts";
import { harness } from "./known.ts";
import { UsageError } from "./usage-error.ts";

/**
 * The harness with those of the policies that are files. Throws a UsageError for one that cannot be used.
 *
 * @param file what names the policies, if that is a file
 */
export async function harnessFor(policies: readonly string[], file?: string): Promise<Harness> {
  try {
    return await withPolicyFiles(harness, policies);
  } catch (error) {
    if (error instanceof PolicyFileError) {
      throw new UsageError([visible(`${file === undefined ? "" : `${file}: its policy `}${error.message}`)]);
    }
    throw error;
  }
}

/** A policy as plans and commands name it: a file by its path from the current folder, anything else as it is. */
export function policyPath(policy: string, cwd: string): string {
  const name = policyName(policy);
  if (!isPolicyFile(name)) return policy;
  const path = relative(cwd, resolve(cwd, name)).split(sep).join("/");
  const parameters = policy.slice(name.length);
  return `${path.startsWith(".") || path.startsWith("/") ? "" : "./"}${path}${parameters}`;
}
