/** Repeats a measurement and keeps what can be quoted of it: machines are shared, single figures lie. */
export interface Figures {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

export function figures(samples: readonly number[]): Figures {
  const sorted = samples.toSorted((a, b) => a - b);
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
  return { min: at(0), median: at(0.5), max: at(1) };
}

/** `figures` of something that is measured by calling it. */
export async function repeat(times: number, measure: () => Promise<number>): Promise<Figures> {
  const samples: number[] = [];
  for (let i = 0; i < times; i++) samples.push(await measure());
  return figures(samples);
}

export type Work = () => unknown;

/** What a piece of work costs, in milliseconds of CPU time, which a neighbour on the same machine disturbs less. */
export async function cpuMs(work: Work): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

export function row(name: string, { min, median, max }: Figures, unit: string, digits = 0): string {
  const show = (value: number) =>
    value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return `${name.padEnd(58)} ${show(median).padStart(12)} ${unit.padEnd(10)} (${show(min)} to ${show(max)})`;
}
