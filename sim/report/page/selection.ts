import type { RunModel } from "./run-model.ts";

/** What a reader has chosen to see. */
export interface Selection {
  /** -1 for none. */
  readonly event: number;
  /** What led to it, from the first cause to the event itself. */
  readonly chain: readonly number[];
  /** Places of the operations that are lit: those of a certificate, or that of the event. */
  readonly lit: ReadonlySet<number>;
}

export const NOTHING: Selection = { event: -1, chain: [], lit: new Set() };

export function chainTo({ cause }: RunModel, event: number): number[] {
  const chain: number[] = [];
  for (let at = event; at >= 0; at = cause[at] ?? -1) chain.push(at);
  return chain.reverse();
}

/** What is shown of the events; null is everything. */
export interface Filter {
  readonly machine: number | null;
  readonly key: string | null;
  readonly kind: string | null;
}

export const EVERYTHING: Filter = { machine: null, key: null, kind: null };

/** Whether each event is shown. */
export function maskOf(model: RunModel, { machine, key, kind }: Filter): Uint8Array {
  const mask = new Uint8Array(model.count);
  for (let event = 0; event < model.count; event++) {
    const isShown =
      (machine === null || model.machine[event] === machine) &&
      (key === null || model.key(event) === key) &&
      (kind === null || model.kind(event).startsWith(kind));
    mask[event] = isShown ? 1 : 0;
  }
  return mask;
}

/** Events whose number, text, operation or key is what is looked for. */
export function search(model: RunModel, mask: Uint8Array, words: string): number[] {
  const number = /^#(\d+)$/.exec(words)?.[1];
  if (number !== undefined) return Number(number) < model.count ? [Number(number)] : [];
  const wanted = words.toLowerCase();
  const found: number[] = [];
  for (let event = 0; event < model.count; event++) {
    if (mask[event] === 0) continue;
    const text = `${model.kind(event)} ${model.activity(event)} ${model.text(event)}`;
    if (text.toLowerCase().includes(wanted)) found.push(event);
  }
  return found;
}
