import { visible } from "../report/visible.ts";

const WORDS: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the disk is read-only",
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  ENOTDIR: "a part of the path is not a folder",
  EISDIR: "it is a folder",
  ENOENT: "the folder does not exist and cannot be made",
};

/** One line about a file or folder that could not be written. */
export function writeProblem(path: string, error: unknown, advice = ""): string {
  const { code = "", message } = error as NodeJS.ErrnoException;
  return visible(`cannot write ${path}: ${WORDS[code] ?? message}${advice === "" ? "" : `; ${advice}`}`);
}
