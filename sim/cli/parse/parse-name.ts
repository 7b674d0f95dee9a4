/** A name of a file without its folder and its extension. Throws an Error with one line that says what is wrong. */
export function parseName(input: string): string {
  if (/^[a-z0-9][a-z0-9-]{0,63}$/.test(input)) return input;
  throw new Error("expected a name of small letters, digits and '-', such as lost-update");
}
