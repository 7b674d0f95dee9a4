import { checkName, type KnownNames } from "./load-names.ts";
import type { Finding, Path } from "./load-problem.ts";

/** The fields of faults that name something in the system's own code, and what they name. */
const NAMED = { point: "crashpoints", process: "processes" } as const;

/** What a fault may say instead of the name of a process. */
const ANY = "any";

/** A fault at a point that is nowhere would never happen, and nobody would notice. */
export function checkHookNames(path: Path, fault: object, known: Partial<KnownNames>): Finding[] {
  const fields = new Map<string, unknown>(Object.entries(fault));
  return (["point", "process"] as const).flatMap((field): Finding[] => {
    const name = fields.get(field);
    if (typeof name !== "string" || name === ANY) return [];
    return checkHook([...path, field], NAMED[field], name, known);
  });
}

/** A name that no system has; nothing when it is not known which there are, or that there are any. */
export function checkHook(
  path: Path,
  what: "crashpoints" | "detours" | "processes",
  name: string,
  known: Partial<KnownNames>,
): Finding[] {
  const names = known[what] ?? [];
  return names.length === 0 ? [] : checkName(path, WHAT[what], name, names);
}

const WHAT = { crashpoints: "crash points", detours: "detours", processes: "background processes" } as const;
