import type { Invariant, Rejection } from "../../run/invariant.ts";
import { counted } from "../wording.ts";

/**
 * No promise was rejected without anybody handling it, and no callback threw: in production either may end the
 * process. One violation for each machine and message.
 */
export const noUnhandledRejection: Invariant = {
  name: "no-unhandled-rejection",
  isUnconditional: true,
  isPrefixClosed: true,
  summary: "No promise is rejected, and no callback throws, without anybody handling it.",
  check(run) {
    const groups = new Map<string, { rejection: Rejection; count: number }>();
    for (const rejection of run.rejections) {
      const name = `${rejection.machine ?? ""} ${rejection.message}`;
      const group = groups.get(name) ?? { rejection, count: 0 };
      group.count++;
      groups.set(name, group);
    }
    return [...groups.values()].map(({ rejection, count }) => ({
      invariant: "no-unhandled-rejection",
      key: null,
      summary: `${rejection.machine ?? "The system"} left ${counted(count, "error")} to nobody: ${rejection.message}`,
      operations: [],
      notes: [],
    }));
  },
};
