import type { z } from "zod";
import type { Finding, Path } from "./load-problem.ts";
import { shown } from "./load-problem.ts";
import { keysAt, valueAt } from "./load-schema.ts";
import { alternatives, didYouMean } from "../suggest.ts";

/**
 * Turns what a schema has against a value into findings that a person understands: what was expected, what was
 * found, and what was most likely meant.
 */
export function findingsOf(schema: z.ZodType, value: unknown, issues: readonly Issue[]): Finding[] {
  return issues.flatMap((issue) => findings(schema, value, issue, issue.path as Path));
}

type Issue = z.core.$ZodIssue;

function findings(schema: z.ZodType, root: unknown, issue: Issue, path: Path): Finding[] {
  if (issue.code === "unrecognized_keys") {
    const known = keysAt(schema, root, path);
    return issue.keys.map((key) => unknownKey(path, key, known, valueAt(root, path)));
  }
  if (issue.code === "invalid_union" && issue.errors.length > 0) {
    const meant = likeliestBranch(issue);
    if (meant !== null) {
      return meant.flatMap((inner) => findings(schema, root, inner, [...path, ...(inner.path as Path)]));
    }
  }
  const expected = expectation(issue);
  if (issue.code === "invalid_key") {
    return [{ path, at: "key", message: `expected ${expected}, got ${shown(String(path.at(-1)))}` }];
  }
  const value = valueAt(root, path);
  const message =
    value === undefined
      ? `missing: expected ${expected}`
      : `expected ${expected}, got ${shown(value)}${meantBy(issue, value)}`;
  return [{ path, at: "value", message }];
}

function unknownKey(path: Path, key: string, known: readonly string[], owner: unknown): Finding {
  const free = known.filter((name) => !Object.hasOwn(owner as object, name));
  const rest = free.length === 0 ? "no other key" : alternatives(free);
  return {
    path: [...path, key],
    at: "key",
    message: `unknown key: expected ${rest}${didYouMean(key, free)}`,
  };
}

/** The alternative of a union that the author seems to have had in mind, or null when that is anyone's guess. */
function likeliestBranch({ errors, message }: z.core.$ZodIssueInvalidUnion): Issue[] | null {
  // Right on the outside and wrong somewhere inside: that is the one.
  const inside = errors.find((branch) => branch.every((inner) => inner.path.length > 0));
  if (inside !== undefined) return inside;
  if (message !== "Invalid input") return null;
  const isOfType = (branch: Issue[]): boolean => branch.every((inner) => inner.code !== "invalid_type");
  return errors.find(isOfType) ?? errors[0] ?? null;
}

/** What the schema wants, to follow the word "expected". */
function expectation(issue: Issue): string {
  if (issue.code === "invalid_type") return TYPE_NAMES[issue.expected] ?? issue.expected;
  if (issue.code === "invalid_value") return alternatives(issue.values.map(String));
  if (issue.code === "invalid_union" && tagsOf(issue).length > 0) return alternatives(tagsOf(issue));
  if (issue.code === "invalid_key") {
    const [inner] = issue.issues;
    return inner?.code === "invalid_format" ? inner.message : "a shorter name";
  }
  if (issue.code === "too_small") {
    return bound(issue.origin, issue.inclusive === false ? "more than" : "at least", issue.minimum);
  }
  if (issue.code === "too_big") {
    return bound(issue.origin, issue.inclusive === false ? "less than" : "at most", issue.maximum);
  }
  return issue.message.replace(/^expected /, "");
}

/** What a tagged union's tag may be, when the issue is that it is something else. */
function tagsOf(issue: z.core.$ZodIssueInvalidUnion): string[] {
  return "options" in issue ? (issue.options ?? []).map(String) : [];
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a mapping",
  record: "a mapping",
};

function bound(origin: string, relation: string, limit: number | bigint): string {
  const unit = { string: "character", array: "item" }[origin];
  if (unit === undefined) return `${relation} ${limit}`;
  return `${relation} ${limit} ${unit}${limit === 1 ? "" : "s"}`;
}

function meantBy(issue: Issue, value: unknown): string {
  if (issue.code === "custom") {
    const suggestion: unknown = issue.params?.["suggestion"];
    return typeof suggestion === "string" ? `; did you mean "${suggestion}"?` : "";
  }
  if (typeof value !== "string") return "";
  if (issue.code === "invalid_value") return didYouMean(value, issue.values.map(String));
  if (issue.code === "invalid_union") return didYouMean(value, tagsOf(issue));
  return "";
}
