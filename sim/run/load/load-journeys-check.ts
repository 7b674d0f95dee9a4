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
