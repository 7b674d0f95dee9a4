import type { Cache } from "../../src/cache.ts";
import type { Lookup } from "../../src/operations/results.ts";
import { createKeyedOperations } from "../../src/operations/keyed-operations.ts";
import { abd } from "../../src/policies/abd.ts";
import { plant } from "./plant.ts";

/** What the program keeps in the cache. */
interface Note {
  text: string;
}

/** A program that goes on working with what it has given to the cache, and with what it got from it. */
function scribbling(cache: Cache): Cache {
  return {
    ...cache,
    async lookup<T>(...asked: Parameters<Cache["lookup"]>): Promise<Lookup<T>> {
      const found = await cache.lookup<Note>(...asked);
      if (found.status !== "hit") return found;
      const { value: note } = found;
      const { text } = note;
      note.text = `${text}, as a reader changed it`;
      return { ...found, value: text as T };
    },
    async set(key, value, ...rest) {
      const note: Note = { text: String(value) };
      await cache.set(key, note, ...rest);
      note.text = `${note.text}, as its writer changed it`;
    },
  };
}

interface Kept {
  readonly value: unknown;
  readonly json: string;
}

/** A get gives the object that the last one gave, or that was set here, if nothing else was stored since. */
export const aliasedValues = plant(
  abd,
  {
    parts: {
      createKeyedOperations(...args) {
        const keyed = createKeyedOperations(...args);
        const kept = new Map<string, Kept>();
        return {
          ...keyed,
          async lookup<T>(...asked: Parameters<typeof keyed.lookup>): Promise<Lookup<T>> {
            const found = await keyed.lookup<T>(...asked);
            if (found.status !== "hit") return found;
            const [key] = asked;
            const { value } = found;
            const json = JSON.stringify(value);
            const before = kept.get(key);
            if (before?.json === json) return { ...found, value: before.value as T };
            kept.set(key, { value, json });
            return found;
          },
          async set(key, value, ...rest) {
            const json = JSON.stringify(value);
            await keyed.set(key, value, ...rest);
            kept.set(key, { value, json });
          },
        };
      },
    },
  },
  { program: scribbling },
);
