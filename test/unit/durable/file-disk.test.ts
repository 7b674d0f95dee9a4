import {
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  mkdirSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { createLogFormat } from "../../../src/durable/log-format.ts";
import { readLog } from "../../../src/durable/read-log.ts";
import { createFileDisk, type DiskError, type FileDisk, isDiskFull } from "../../../src/index.ts";

const root = mkdtempSync(join(tmpdir(), "file-disk-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let folders = 0;
function newFolder(): string {
  return join(root, `${++folders}`);
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = async (disk: FileDisk): Promise<string> =>
  new TextDecoder().decode(await disk.read(0, 1_000_000));

async function failure(promise: Promise<unknown>): Promise<DiskError> {
  return promise.then(
    () => {
      throw new Error("it did not fail");
    },
    (error: DiskError) => error,
  );
}

describe("a disk that is a file", () => {
  test("has nothing at first, and makes neither a file nor a folder by being read", async () => {
    const folder = newFolder();
    const disk = createFileDisk(folder);
    expect(await text(disk)).toBe("");
    expect(existsSync(folder)).toBe(false);
    await disk.close();
  });

  test("gives back what was appended, to the next process as well", async () => {
    const folder = join(newFolder(), "deep", "down");
    const disk = createFileDisk(folder);
    await disk.append(bytes("one "));
    await disk.append(bytes("two"));
    await disk.sync();
    expect(await text(disk)).toBe("one two");
    expect(new TextDecoder().decode(await disk.read(4, 2))).toBe("tw");
    expect(await disk.read(7, 10)).toHaveLength(0);
    expect(await disk.read(70, 10)).toHaveLength(0);
    await disk.close();

    const again = createFileDisk(folder);
    await again.append(bytes(" three"));
    await again.sync();
    expect(await text(again)).toBe("one two three");
    await again.close();
    expect(readFileSync(join(folder, "log"), "utf8")).toBe("one two three");
  });

  test("keeps the order of what it is asked for, without anybody waiting", async () => {
    const disk = createFileDisk(newFolder());
    const done: string[] = [];
    const note = (name: string) => () => done.push(name);
    await Promise.all([
      disk.append(bytes("a")).then(note("a")),
      disk.sync().then(note("sync")),
      disk.append(bytes("b")).then(note("b")),
      disk.replace([bytes("N"), bytes("ew")]).then(note("replace")),
      disk.append(bytes("c")).then(note("c")),
      disk.sync().then(note("sync 2")),
    ]);
    expect(await text(disk)).toBe("Newc");
    expect(done.indexOf("replace")).toBeGreaterThan(done.indexOf("b"));
    expect(done.indexOf("c")).toBeGreaterThan(done.indexOf("replace"));
    await disk.close();
  });

  test("takes a thousand appends and syncs at once", async () => {
    const disk = createFileDisk(newFolder());
    const calls = Array.from({ length: 1000 }, (_, index) =>
      Promise.all([disk.append(bytes(`${index},`)), disk.sync()]),
    );
    await Promise.all(calls);
    expect((await text(disk)).split(",").slice(0, -1)).toEqual([...Array(1000).keys()].map(String));
    await disk.close();
  });

  test("is replaced as a whole, whatever a process before had begun", async () => {
    const folder = newFolder();
    mkdirSync(folder);
    writeFileSync(join(folder, "log.new"), "half of what somebody wanted to wr");
    const disk = createFileDisk(folder);
    await disk.append(bytes("old"));
    await disk.replace([]);
    expect(await text(disk)).toBe("");
    const parts = Array.from({ length: 3000 }, (_, index) => bytes(`${index} `.repeat(200)));
    await disk.replace(parts);
    expect((await disk.read(0, 100_000_000)).length).toBe(parts.reduce((sum, { length }) => sum + length, 0));
    await disk.append(bytes("end"));
    await disk.close();
    expect(readFileSync(join(folder, "log"), "utf8").endsWith("2999 end")).toBe(true);
    expect(existsSync(join(folder, "log.new"))).toBe(false);
  });

  test("keeps the old file when the new one cannot be made", async () => {
    const folder = newFolder();
    const disk = createFileDisk(folder);
    await disk.append(bytes("old"));
    function* broken(): Generator<Uint8Array> {
      yield bytes("new");
      throw new Error("no more parts");
    }
    const error = await failure(disk.replace(broken()));
    expect(error).toMatchObject({ code: "disk-failed" });
    expect(error.message).toContain("no more parts");
    await disk.append(bytes("er"));
    expect(await text(disk)).toBe("older");
    await disk.close();
  });

  test("says what is wrong when the folder cannot be used", async () => {
    const folder = newFolder();
    writeFileSync(folder, "a file");
    const disk = createFileDisk(join(folder, "data"));
    expect(await failure(disk.append(bytes("x")))).toMatchObject({ name: "DiskError", code: "disk-failed" });
    expect(await failure(disk.replace([]))).toMatchObject({ code: "disk-failed" });
    expect((await failure(disk.read(0, 1))).message).toContain(join(folder, "data", "log"));
    await disk.close();
  });

  test.skipIf(!existsSync("/dev/full"))("says when there is no room", async () => {
    const folder = newFolder();
    mkdirSync(folder);
    symlinkSync("/dev/full", join(folder, "log"));
    const disk = createFileDisk(folder);
    const error = await failure(disk.append(bytes("x")));
    expect(isDiskFull(error)).toBe(true);
    expect(error.message).toContain("ENOSPC");
    await disk.close();
  });

  test("closes once, and is of no use then", async () => {
    const disk = createFileDisk(newFolder());
    const appended = disk.append(bytes("x"));
    await Promise.all([disk.close(), disk.close()]);
    await appended;
    expect(await failure(disk.append(bytes("y")))).toMatchObject({ code: "disk-failed" });
    expect((await failure(disk.sync())).message).toContain("was closed");
  });
});

test("a log cut off at any byte of the file gives back every entry before", async () => {
  const format = createLogFormat();
  const life = { node: "n1", incarnation: 1, isWhole: true, known: [], membership: null, forgotten: 0 };
  const entries = [
    format.life(life),
    ...Array.from({ length: 12 }, (_, index) =>
      format.record({
        key: `k${index}`,
        version: { counter: index, node: "n1", incarnation: 1 },
        value: '"v"',
        expireAtMs: 1,
        operation: index,
      }),
    ),
  ];
  const folder = newFolder();
  const disk = createFileDisk(folder);
  for (const entry of entries) await disk.append(entry);
  await disk.close();
  const whole = readFileSync(join(folder, "log"));
  const first = (entries[0] as Uint8Array).length;
  for (let length = first; length <= whole.length; length++) {
    writeFileSync(join(folder, "log"), whole.subarray(0, length));
    const torn = createFileDisk(folder);
    const found = await readLog(torn, format);
    let end = 0;
    const entryCount = entries.filter((entry) => (end += entry.length) <= length).length;
    expect(found.status).toBe("whole");
    expect([...found.records.keys()]).toEqual(Array.from({ length: entryCount - 1 }, (_, i) => `k${i}`));
    await torn.close();
  }
});
