/** A JSON document with one long list in it, item by item, so that it never has to be one string. */
export function* jsonDocument(head: string, items: Iterable<object>, tail: string): Generator<string> {
  yield head;
  let isFirst = true;
  for (const item of items) {
    yield `${isFirst ? "" : ",\n"}${JSON.stringify(item)}`;
    isFirst = false;
  }
  yield tail;
}
