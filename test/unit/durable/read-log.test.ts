import { describe, expect, test } from "vitest";
import { createLogFormat, type Life } from "../../../src/durable/log-format.ts";
import { checksumOf } from "../../../src/wire/checksum.ts";
import { readLog } from "../../../src/durable/read-log.ts";
import { type CacheRecord, DiskError, InvalidArgumentError } from "../../../src/index.ts";
import { ModelDisk } from "../../support/model-disk.ts";

const format = createLogFormat();

function life(changes: Partial<Life> = {}): Life {
  return {
    node: "n1",
    incarnation: 3,
    isWhole: true,
    known: [{ node: "n2", incarnation: 2 }],
    membership: null,
    forgotten: 0,
    ...changes,
  };
}

function record(key: string, counter: number, value: string | null = `"${key}${counter}"`): CacheRecord {
  return {
    key,
    version: { counter, node: "n2", incarnation: 1 },
    value,
    expireAtMs: 1_000_000.5,
    operation: counter,
  };
}

const first = [record("a", 1), record("b", 2), record("a", 3, null)];
const entries = [
  format.life(life()),
  ...first.map((each) => format.record(each)),
  format.record(record("ü", 4)),
];
const whole = new Uint8Array(Buffer.concat(entries));

/** Where each entry ends. */
const ends = entries.map((_, index) =>
  entries.slice(0, index + 1).reduce((sum, { length }) => sum + length, 0),
);

function recordsOf(entryCount: number): Map<string, CacheRecord> {
  const all = [...first, record("ü", 4)].slice(0, Math.max(0, entryCount - 1));
  return new Map(all.map((each) => [each.key, each]));
}

function read(bytes: Uint8Array) {
  return readLog(new ModelDisk(bytes), format);
}

describe("a log", () => {
  test("that is not there is none", async () => {
    expect(await read(new Uint8Array(0))).toEqual({
      status: "none",
      life: null,
      records: new Map(),
      droppedBytes: 0,
      problem: null,
    });
  });

  test("gives back the life and the newest record of each key", async () => {
    expect(await read(whole)).toEqual({
      status: "whole",
      life: life(),
      records: recordsOf(5),
      droppedBytes: 0,
      problem: null,
    });
  });

  test("that ends anywhere holds the entries before, and is whole unless not even the life is", async () => {
    for (let length = 1; length < whole.length; length++) {
      const found = await read(whole.subarray(0, length));
      const entryCount = ends.filter((end) => end <= length).length;
      expect(found.records).toEqual(recordsOf(entryCount));
      expect(found.status).toBe(entryCount === 0 ? "damaged" : "whole");
      expect(found.droppedBytes).toBe(length - (ends[entryCount - 1] ?? 0));
    }
  });

  test("that ends anywhere and reads as zeros from there on is no different", async () => {
    for (let length = ends[0] as number; length < whole.length; length++) {
      const blank = new Uint8Array(whole.length + 50);
      blank.set(whole.subarray(0, length));
      const found = await read(blank);
      const entryCount = ends.filter((end) => end <= length).length;
      expect(found.records).toEqual(recordsOf(entryCount));
      // Where zeros begin within an entry, its length is right and its checksum is not: that may be damage.
      if (ends.includes(length)) expect(found.status).toBe("whole");
    }
  });

  test("of which any single bit has flipped is damaged, and holds only what stands before", async () => {
    for (let bit = 0; bit < whole.length * 8; bit++) {
      const rotten = whole.slice();
      const at = Math.floor(bit / 8);
      rotten[at] = (rotten[at] as number) ^ (1 << (bit % 8));
      const found = await read(rotten);
      expect([bit, found.status]).toEqual([bit, "damaged"]);
      expect(found.records).toEqual(recordsOf(ends.filter((end) => end <= at).length));
      expect(found.problem).toMatch(/^the entry at byte \d+ is not as it was written$/);
    }
  });

  test("with a later life and later knowledge goes by the last", async () => {
    const later = life({ isWhole: false, known: [] });
    const found = await read(Buffer.concat([whole, format.life(later)]));
    expect(found.life).toEqual(later);
    expect(found.records).toEqual(recordsOf(5));
  });

  test("that begins with anything but a life is damaged", async () => {
    const found = await read(format.record(record("a", 1)));
    expect(found).toMatchObject({ status: "damaged", life: null, records: new Map() });
  });

  test("that cannot be read is damaged, and says why", async () => {
    const disk = new ModelDisk(whole);
    disk.read = () => Promise.reject(new DiskError("disk-failed", "input/output error"));
    expect(await readLog(disk, format)).toMatchObject({ status: "damaged", problem: "input/output error" });
  });

  test("is read in pieces, wherever they end", async () => {
    const big = [format.life(life())];
    const records = new Map<string, CacheRecord>();
    for (let index = 0; index < 40; index++) {
      const each = record(`k${index}`, index, JSON.stringify("x".repeat(index * 5000)));
      records.set(each.key, each);
      big.push(format.record(each));
    }
    const found = await read(Buffer.concat(big));
    expect(found.status).toBe("whole");
    expect(found.records).toEqual(records);
  });

  test("of a later version is left alone", async () => {
    const entry = format.life(life()).slice();
    // The version is the second byte of the frame.
    entry[9] = 5;
    new DataView(entry.buffer).setUint32(entry.length - 4, checksumOf(entry, 8, entry.length - 4), true);
    await expect(read(entry)).rejects.toThrow(InvalidArgumentError);
    await expect(read(entry)).rejects.toThrow(/its log has version 5, and this release knows 4/);
  });

  describe("of version 1, as an early release wrote it", () => {
    // Entries of that release, byte by byte.
    const head = "EAAAAPd7+NQBAQRuMQIBAQRuMgOHCCAZ";
    const plain = "HgAAAO7WTsoCCnBsYWluBQRuMgEBBiJhIgAAgFb+vHhCB1noTkQ=";
    const deleted = "HQAAANmpu2cCDmRlbGV0ZWSsAgRuMQEAAACAVv68eEIHWupxnA==";
    const touched = "IgAAAIL9CsACDnRvdWNoZWQGBG4zAAQCAQYiYiIAAIBW/rx4QgdtWBbK";
    const bytesOf = (...entries: string[]) =>
      Buffer.concat(entries.map((entry) => Buffer.from(entry, "base64")));

    test("is read", async () => {
      const found = await read(bytesOf(head, plain, deleted));
      expect(found).toMatchObject({ status: "whole", life: { node: "n1", incarnation: 2, forgotten: 0 } });
      expect(found.records.get("plain")).toMatchObject({ version: { counter: 5, node: "n2" }, value: '"a"' });
      expect(found.records.get("deleted")).toMatchObject({ version: { counter: 300 }, value: null });
    });

    test("is refused when a record in it cannot be placed, and says why", async () => {
      const reading = read(bytesOf(head, plain, touched, deleted));
      await expect(reading).rejects.toThrow(InvalidArgumentError);
      await expect(reading).rejects.toThrow(
        /its log has version 1, and the touched or loaded value of "touched"/,
      );
    });

    test("is damaged when it is", async () => {
      const bytes = bytesOf(head, plain, touched);
      bytes[bytes.length - 6] = (bytes[bytes.length - 6] as number) ^ 1;
      expect((await read(bytes)).status).toBe("damaged");
    });
  });

  test("says which was the highest counter that was forgotten", async () => {
    const configuration = { epoch: 1, members: [{ id: "n1", zone: null }], previous: null };
    const membership = { configuration, votes: { promised: null, accepted: null } };
    expect((await read(format.life(life({ membership, forgotten: 70_000 })))).life?.forgotten).toBe(70_000);
  });
});
