import type { Data, Operation } from "../../run/history.ts";
import type { Invariant, RunRecord } from "../../run/invariant.ts";
import { checkHistory } from "../check-history.ts";
import type { Dialect } from "../formats/history-format.ts";
import { recordedRun } from "../formats/recorded-run.ts";
import type { Model } from "../models/model.ts";

/** A run records everything exactly: what was read was there, and an operation that failed did not happen. */
const DIALECT: Dialect = { nilRead: "absent", failedCas: "ignored", initial: {} };

/** A search was given up: whether the history is right is not known, and must not be taken for either. */
export class UndecidedError extends Error {
  override readonly name = "UndecidedError";
}

/**
 * Every key behaves as one object of a sequential model: each operation can be given one moment between its call and
 * its end so that, one after the other, the model explains every answer. What failed did not happen; what is
 * indeterminate happened at any time after its call, or never.
 *
 * @param initial what each object is in the beginning; the model's own without it
 */
export function createLinearizableByModel(model: Model, initial?: Data): Invariant {
  return {
    name: "linearizable",
    isPrefixClosed: true,
    summary: `Every key behaves as one ${model.name}, as if one operation followed the other.`,
    check(run) {
      const { history } = run;
      const report = checkHistory(recordedRun(run), { model, dialect: DIALECT, initial });
      return report.findings.map(({ verdict, key, summary, operations: certificate, notes }) => {
        if (verdict === "unknown") throw new UndecidedError(`key ${key ?? ""}: ${summary}`);
        return {
          invariant: "linearizable",
          key,
          summary: withNames(summary, history),
          operations: certificate.map(({ line }) => history[line - 1] as Operation),
          notes,
        };
      });
    },
  };
}

/** Findings speak of the lines of a file: here is none, but every operation has a name. */
function withNames(summary: string, history: RunRecord["history"]): string {
  return summary.replaceAll(/\bof line (\d+)\b/g, (_match, line: string) => {
    return history[Number(line) - 1]?.id ?? `of line ${line}`;
  });
}
