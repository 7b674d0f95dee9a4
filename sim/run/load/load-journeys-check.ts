import type { LatencyModel } from "../../world/latency.ts";
import type { NetworkOptions } from "../../world/network-settings.ts";
import { checkName, checkNames, type KnownNames } from "./load-names.ts";
import type { Finding, Path } from "./load-problem.ts";

/** What is wrong with the parts of a network that tell messages and operations apart. */
export function checkJourneys(
  { messages = {}, near }: Omit<NetworkOptions, "zones">,
  machines: readonly string[],
  known: Pick<KnownNames, "messages">,
  checkLatency: (path: Path, model: LatencyModel) => Finding[],
): Finding[] {
  const found = Object.entries(messages).flatMap(([kind, { latency }]): Finding[] => {
    const path = ["network", "messages", kind];
    const unknown = known.messages === undefined ? [] : checkName(path, "messages", kind, known.messages);
    return unknown.length > 0
      ? unknown.map((finding) => ({ ...finding, at: "key" as const }))
      : checkLatency([...path, "latency"], latency);
  });
  if (near === undefined) return found;
  return [
    ...found,
    ...checkNames(["network", "near", "machines"], near.machines, (path, name) =>
      checkName(path, "machines", name, machines),
    ),
  ];
}

/** The system's own names for how often and how long it does things. */
export function checkTiming(
  timing: Readonly<Record<string, number>> = {},
  { timings }: Pick<KnownNames, "timings">,
): Finding[] {
  return Object.entries(timing).flatMap(([name, ms]): Finding[] => {
    const path = ["timing", name];
    if (timings !== undefined && !timings.includes(name)) {
      return checkName(path, "timings", name, timings).map((finding) => ({ ...finding, at: "key" as const }));
    }
    if (Number.isInteger(ms) && ms >= 1 && ms <= TIMING_MS_MAX) return [];
    return [{ path, at: "value", message: `expected a whole number of milliseconds from 1ms to 24 days` }];
  });
}

/** Timers take no longer waits. */
const TIMING_MS_MAX = 2_147_483_647;
