import type { Cache } from "../../src/cache.ts";
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
    async get<T>(key: string, ...options: unknown[]): Promise<T | undefined> {
      const [first] = options;
      const note = await cache.get<Note>(key, first as object | undefined);
      if (note === undefined) return undefined;
      const { text } = note;
      note.text = `${text}, as a reader changed it`;
      return text as T;
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
          async get<T>(...asked: Parameters<typeof keyed.get>): Promise<T | undefined> {
            const value = await keyed.get<T>(...asked);
            const [key] = asked;
            const json = JSON.stringify(value);
            const before = kept.get(key);
            if (before?.json === json) return before.value as T;
            kept.set(key, { value, json });
            return value;
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
