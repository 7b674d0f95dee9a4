import { relative, resolve, sep } from "node:path";
import { policyName } from "../run/policy-text.ts";
import { InvariantFileError, isInvariantFile } from "../run/invariant-file.ts";
import { isPolicyFile, PolicyFileError } from "../run/policy-file.ts";
import { visible } from "../report/visible.ts";
import { type Harness, withInvariantFiles, withPolicyFiles } from "../search/harness.ts";
import { harness } from "./known.ts";
import { UsageError } from "./usage-error.ts";

export interface NamedBy {
  /** What names the policies, if that is a file. */
  readonly file?: string;
  readonly invariants?: readonly string[];
}

/** The harness with those of the policies and invariants that are files. Throws a UsageError for one that cannot be used. */
export async function harnessFor(
  policies: readonly string[],
  { file, invariants = [] }: NamedBy = {},
): Promise<Harness> {
  try {
    return await withInvariantFiles(await withPolicyFiles(harness, policies), invariants);
  } catch (error) {
    if (error instanceof PolicyFileError) {
      throw new UsageError([visible(`${file === undefined ? "" : `${file}: its policy `}${error.message}`)]);
    }
    if (error instanceof InvariantFileError) throw new UsageError([visible(error.message)]);
    throw error;
  }
}

/** A policy as plans and commands name it: a file by its path from the current folder, anything else as it is. */
export function policyPath(policy: string, cwd: string): string {
  const name = policyName(policy);
  if (!isPolicyFile(name)) return policy;
  return pathFrom(name, cwd) + policy.slice(name.length);
}

/** The same for an invariant. */
export function invariantPath(invariant: string, cwd: string): string {
  return isInvariantFile(invariant) ? pathFrom(invariant, cwd) : invariant;
}

function pathFrom(file: string, cwd: string): string {
  const path = relative(cwd, resolve(cwd, file)).split(sep).join("/");
  return `${path.startsWith(".") || path.startsWith("/") ? "" : "./"}${path}`;
}
