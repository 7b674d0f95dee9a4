/** Values of a policy's parameters, of which every combination is meant. */
export type Grid = Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>;

/** Every policy, those of the grid with every combination of their parameters, each once. */
export function expandPolicies(policies: readonly string[], grid: Grid): string[] {
  return [
    ...new Set(
      policies.flatMap((policy) => {
        const parameters = Object.hasOwn(grid, policy) ? Object.entries(grid[policy] ?? {}) : [];
        if (parameters.length === 0) return [policy];
        const combinations = parameters.reduce<string[][]>(
          (sofar, [name, values]) =>
            sofar.flatMap((each) => values.map((value) => [...each, `${name}=${value}`])),
          [[]],
        );
        return combinations.map((settings) => `${policy}(${settings.join(",")})`);
      }),
    ),
  ];
}
