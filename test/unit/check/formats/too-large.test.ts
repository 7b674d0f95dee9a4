import { expect, test } from "vitest";
import { HISTORY_BYTES_MAX, textChunks } from "../../../../sim/check/formats/text-chunks.ts";

test("a history that is too large to be held is refused on the way, whatever follows", async () => {
  const chunk = new Uint8Array(8_388_608).fill(0x20);
  let givenBytes = 0;
  function* endless(): Iterable<Uint8Array> {
    for (;;) {
      givenBytes += chunk.length;
      yield chunk;
    }
  }
  const read = async (): Promise<void> => {
    for await (const text of textChunks(endless())) expect(text.length).toBe(chunk.length);
  };
  await expect(read()).rejects.toThrow(/^larger than 256 MiB, .* write it to a file/);
  expect(givenBytes).toBe(HISTORY_BYTES_MAX + chunk.length);
});
