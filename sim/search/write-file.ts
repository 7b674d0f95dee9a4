import { mkdir, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** Text, or the pieces of a long one. */
export type Content = string | AsyncIterable<Uint8Array>;

/**
 * Writes a file whole or not at all: readers never see half of it, and neither a full disk nor a kill leaves one
 * behind. Makes the folder when it is not there. What is no file but can be written to, such as a pipe or `/dev/null`,
 * is written to, and not replaced.
 */
export async function writeFileWhole(path: string, content: Content): Promise<void> {
  await makeFolder(dirname(path));
  if (await isOtherThanFile(path)) {
    await writeFile(path, content);
    return;
  }
  // Of a link, the file that it leads to.
  const target = await realpath(path).catch(() => path);
  const draft = join(dirname(target), `.${basename(target)}.${process.pid}.tmp`);
  try {
    await writeFile(draft, content);
    await rename(draft, target);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined);
    throw error;
  }
}

async function isOtherThanFile(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => null);
  return found !== null && !found.isFile();
}

/** Makes a folder, and those that it is in. Not `recursive`, which tries for ever where the system says "not found" for a folder that it does not allow. */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") return;
    if (code !== "ENOENT" || dirname(path) === path) throw error;
    await makeFolder(dirname(path));
    await mkdir(path);
  }
}
