import { relative, resolve, sep } from "node:path";
import type { Plan } from "../run/plan.ts";
import { policyName } from "../run/policy-text.ts";
import { InvariantFileError, isInvariantFile } from "../run/invariant-file.ts";
import { isPolicyFile, PolicyFileError } from "../run/policy-file.ts";
import { didYouMean, oneOf } from "../run/suggest.ts";
import { visible } from "../report/visible.ts";
import { type Harness, systemPoliciesOf, withInvariantFiles, withPolicyFiles } from "../search/harness.ts";
import { harness } from "./known.ts";
import { UsageError } from "./usage-error.ts";

/**
 * The policies of a system's file: all of its variants, or those of these names.
 *
 * @throws UsageError when the file or a name cannot be used
 */
export async function systemPolicies(
  system: string,
  variants: readonly string[],
  cwd: string,
): Promise<string[]> {
  const file = pathFrom(system, cwd);
  const all = await toUsageError(() => systemPoliciesOf(file));
  if (all === null) {
    throw new UsageError([
      visible(`--system ${file}: it exports no system: write "export const system: OwnSystem = { ... }"`),
    ]);
  }
  if (variants.length === 0) return all;
  return variants.map((variant) => {
    const policy = `${file}#${variant}`;
    if (all.includes(policy)) return policy;
    const names = all.map((each) => each.slice(file.length + 1)).filter((each) => each !== "");
    const expected =
      names.length === 0 ? "it has no variants: leave out --policy" : `expected ${oneOf("variants", names)}`;
    throw new UsageError([visible(`--policy ${variant}: ${expected}${didYouMean(variant, names)}`)]);
  });
}

/** The flags of a command on one run, with the one policy that `--system` means. */
export async function withSystem<
  Flags extends { readonly system?: string | undefined; readonly policy?: string | undefined },
>(flags: Flags, cwd: string): Promise<Flags> {
  const { system, policy } = flags;
  if (system === undefined) return flags;
  const [first = "", ...others] = await systemPolicies(system, policy === undefined ? [] : [policy], cwd);
  if (others.length === 0) return { ...flags, system: undefined, policy: first };
  const names = [first, ...others].map((each) => each.slice(each.indexOf("#") + 1));
  throw new UsageError([
    visible(`--system ${system} has variants: add --policy with one of ${names.join(", ")}`),
  ]);
}

export interface NamedBy {
  /** What names the policies, if that is a file, and what they are: a system's file names its variants. */
  readonly file?: string;
  readonly what?: "policy" | "system";
  readonly invariants?: readonly string[];
}

/** The harness with those of the policies and invariants that are files. Throws a UsageError for one that cannot be used. */
export async function harnessFor(
  policies: readonly string[],
  { file, what = "policy", invariants = [] }: NamedBy = {},
): Promise<Harness> {
  return toUsageError(
    async () => withInvariantFiles(await withPolicyFiles(harness, policies), invariants),
    file === undefined ? "" : `${file}: its ${what} `,
  );
}

async function toUsageError<T>(work: () => Promise<T>, before = ""): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof PolicyFileError) throw new UsageError([visible(before + error.message)]);
    if (error instanceof InvariantFileError) throw new UsageError([visible(error.message)]);
    throw error;
  }
}

/** What the policy of a plan is. */
export function whatOf({ system }: Plan): "policy" | "system" {
  return isPolicyFile(system) ? "system" : "policy";
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
