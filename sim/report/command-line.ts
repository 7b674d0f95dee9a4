import { isInvariantFile } from "../run/invariant-file.ts";

/** A command that can be copied and pasted into a shell. */
export function commandLine(words: readonly string[]): string {
  return words.map(shellQuoted).join(" ");
}

function shellQuoted(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  // A control character cannot be printed; $'...' says it in letters.
  if (/[\p{C}\p{Zl}\p{Zp}]/u.test(word)) {
    const escaped = word.replaceAll(/[\\'\p{C}\p{Zl}\p{Zp}]/gu, (character) =>
      character === "\\" || character === "'"
        ? `\\${character}`
        : [...new TextEncoder().encode(character)]
            .map((byte) => `\\x${byte.toString(16).padStart(2, "0")}`)
            .join(""),
    );
    return `$'${escaped}'`;
  }
  return `'${word.replaceAll("'", "'\\''")}'`;
}

/** The one line that runs a seed again. */
export function replayCommand(
  file: string,
  policy: string,
  seed: number,
  flags: readonly string[] = [],
): string {
  const words = ["npx", "cache-sim", "replay", file, "--policy", policy, "--seed", String(seed)];
  return commandLine([...words, ...flags]);
}

interface SeedWords {
  readonly policy?: string | undefined;
  readonly seed?: number | undefined;
  readonly invariant?: string | undefined;
  readonly strategy?: string | undefined;
  readonly under?: string | undefined;
}

/** The words that name a condition of a study, if there is one. */
export function underFlag(condition: string | undefined): string[] {
  return condition === undefined ? [] : ["--under", condition];
}

/** The words that ask for a strategy, if one was asked for. */
export function strategyFlag(strategy: string | undefined): string[] {
  return strategy === undefined ? [] : ["--strategy", strategy];
}

/** The line that replays what was named: a plan or trace, or a scenario with a policy and a seed. */
export function replayLine(source: string, { policy, seed, invariant, strategy, under }: SeedWords): string {
  const flags = invariant !== undefined && isInvariantFile(invariant) ? ["--invariant", invariant] : [];
  return policy === undefined || seed === undefined
    ? commandLine(["npx", "cache-sim", "replay", source, ...flags])
    : replayCommand(source, policy, seed, [...underFlag(under), ...strategyFlag(strategy), ...flags]);
}
