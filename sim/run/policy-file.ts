/**
 * A policy of the user's own: one module, named by its path where other policies are named by a word. The module is
 * loaded before a run and by every worker; the path is taken from the folder that the command was started in.
 */

/** Whether a policy is named by a file. */
export function isPolicyFile(policy: string): boolean {
  return /[/\\]/.test(policy) || /\.[cm]?[jt]s(?:#[^/\\]*)?$/.test(policy);
}

/** The file of a policy that is one: of a system's variant, which is written behind it, what stands before the `#`. */
export function systemFileOf(policy: string): string {
  return policy.replace(/#[^#/\\]*$/, "");
}

/** A policy file that cannot be used. The message is one line, with the file, the line where known, and a way out. */
export class PolicyFileError extends Error {
  override readonly name = "PolicyFileError";
}
