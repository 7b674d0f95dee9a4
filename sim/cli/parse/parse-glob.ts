const LENGTH_MAX = 200;

/** A pattern for names: `*` stands for any characters, `?` for one. Throws an Error that says what is wrong. */
export function parseGlob(input: string): RegExp {
  if (input === "" || input.length > LENGTH_MAX || !/^[\w.*?-]+$/.test(input)) {
    throw new Error("expected a name, in which * stands for any characters and ? for one, as in clock-*");
  }
  const source = input.replaceAll(".", "\\.").replaceAll(/\*+/g, "[^]*").replaceAll("?", "[^]");
  return new RegExp(`^${source}$`);
}
