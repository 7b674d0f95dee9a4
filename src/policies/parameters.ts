import { InvalidArgumentError } from "../errors.ts";

/** A whole number that a user may give a policy, beside the replication. */
export interface PolicyParameter {
  readonly name: string;
  /** One line, for lists and errors. */
  readonly summary: string;
  readonly min: number;
  /** The largest value, and the usual one, for so many owners of a key. */
  readonly maxFor: (replication: number) => number;
  readonly usualFor: (replication: number) => number;
}

/** A value for each parameter of a policy, by name. */
export type PolicyParameters = Readonly<Record<string, number>>;

/**
 * The usual value of each parameter that was not given.
 *
 * @throws InvalidArgumentError for a parameter that the policy has not, and for a value that cannot be
 */
export function resolveParameters(
  policy: { readonly name: string; readonly parameters?: readonly PolicyParameter[] | undefined },
  replication: number,
  given: PolicyParameters = {},
): PolicyParameters {
  const { parameters = [] } = policy;
  for (const name of Object.keys(given)) {
    if (parameters.some((parameter) => parameter.name === name)) continue;
    const known = parameters.map((parameter) => parameter.name).join(", ");
    const has = known === "" ? "which has none" : `which has ${known}`;
    throw refusal(name, `is no parameter of the policy "${policy.name}", ${has}`);
  }
  return Object.fromEntries(
    parameters.map(({ name, summary, min, maxFor, usualFor }): [string, number] => {
      const value = Object.hasOwn(given, name) ? given[name] : undefined;
      if (value === undefined) return [name, usualFor(replication)];
      const max = maxFor(replication);
      if (Number.isInteger(value) && value >= min && value <= max) return [name, value];
      const range = `a whole number from ${min} to ${max} with ${replication} owners of a key`;
      throw refusal(name, `(${summary}) must be ${range}, got ${value}`);
    }),
  );
}

function refusal(name: string, problem: string): InvalidArgumentError {
  return new InvalidArgumentError("invalid-options", `option policyOptions.${name} ${problem}`);
}
