import { type CheckedFile, disagrees } from "./check-report.ts";

/** What `check --json` prints: the same as the text, for programs. */
export function checkJson(files: readonly CheckedFile[]): object {
  return {
    files: files.map((each) => {
      const { file, expected, checked, problems, ms } = each;
      const base = {
        file,
        ...(expected !== null && { expected, agrees: !disagrees(each) }),
        ms: Math.round(ms),
      };
      if (checked === null) return { ...base, verdict: null, problems };
      const { report, ...how } = checked;
      return { ...base, ...how, ...report };
    }),
  };
}
