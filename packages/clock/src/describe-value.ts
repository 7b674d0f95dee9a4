const TEXT_MAX = 60;
const KEYS_MAX = 5;

function shorten(text: string): string {
  return text.length <= TEXT_MAX ? text : `${text.slice(0, TEXT_MAX - 1)}…`;
}

/**
 * A value as one short line for an error message. It calls no method of the value and follows no reference, so
 * that a circular value, or one whose `toString` throws, cannot break the report of its own fault.
 */
export function describeValue(value: unknown): string {
  switch (typeof value) {
    case "string":
      return shorten(JSON.stringify(value));
    case "bigint":
      return shorten(`${value}n`);
    case "function":
      return "a function";
    case "object": {
      if (value === null) return "null";
      if (Array.isArray(value)) return `an array of ${value.length}`;
      const keys = Object.keys(value);
      const shown = keys.slice(0, KEYS_MAX).join(", ") + (keys.length > KEYS_MAX ? ", …" : "");
      return shorten(keys.length === 0 ? "an object without keys" : `an object { ${shown} }`);
    }
    case "undefined":
    case "boolean":
    case "number":
    case "symbol":
      // -0 prints as 0 otherwise, and is worth seeing where it is the fault.
      return Object.is(value, -0) ? "-0" : String(value);
  }
}
