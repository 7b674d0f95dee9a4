import type { RecordedOperation } from "../formats/recorded-history.ts";
import { counter } from "./counter.ts";
import { keyValue } from "./key-value.ts";
import { lock } from "./lock.ts";
import type { Model } from "./model.ts";
import { queue } from "./queue.ts";
import { casRegister, register } from "./register.ts";
import { set } from "./set.ts";

/** Every model that `--model` can name. Adding one means writing its file and naming it here. */
export const models: readonly Model[] = [register, casRegister, keyValue, counter, set, queue, lock];

export function modelByName(name: string): Model | undefined {
  return models.find((model) => model.name === name);
}

/** The first model that knows all operations of a history; null when there is none. */
export function guessModel(operations: readonly RecordedOperation[]): Model | null {
  const used = new Set(operations.map(({ f }) => f));
  const knowing = models.filter(({ names }) => [...used].every((f) => Object.hasOwn(names, f)));
  return knowing.find((model) => model.fits(operations)) ?? null;
}
