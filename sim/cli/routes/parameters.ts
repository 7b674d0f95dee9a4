import { parseStrategy } from "../parse/parse-strategy.ts";
import { parseSeed } from "../parse/parse-seeds.ts";

/** Arguments that several commands take. */
export const file = { parse: String, placeholder: "FILE" };

export const policy = { kind: "parsed", parse: String, placeholder: "NAME" } as const;

/** A file of the user's own, in place of the cache. */
export const systemFile = {
  kind: "parsed",
  parse: String,
  brief: "System file in place of the cache",
  placeholder: "FILE",
  optional: true,
} as const;

/** A file of the user's own. */
export const invariantFile = {
  kind: "parsed",
  parse: String,
  brief: "Invariant file to check too",
  placeholder: "FILE",
  optional: true,
} as const;

export const strategy = {
  kind: "parsed",
  parse: parseStrategy,
  brief: "random, pct, pct:DEPTH or portfolio",
  placeholder: "STRATEGY",
  optional: true,
} as const;

export const under = {
  kind: "parsed",
  parse: String,
  brief: "Condition of a study",
  placeholder: "CONDITION",
  optional: true,
} as const;

export const seed = { kind: "parsed", parse: parseSeed, placeholder: "N" } as const;

/** What, besides its file, says which run of a scenario or a study is meant; a plan says it itself. */
export const whichRun = {
  system: systemFile,
  policy: { ...policy, brief: "Policy of a scenario", optional: true },
  seed: { ...seed, brief: "Seed of a scenario", optional: true },
  strategy,
  under,
} as const;

/** Which of a run's failures is meant. */
export const whichFailure = {
  kind: "parsed",
  parse: String,
  brief: "Which failure; NAME or FILE",
  placeholder: "NAME",
  optional: true,
} as const;
