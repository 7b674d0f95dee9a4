import type { TraceEvent } from "../../kernel/trace-sink.ts";
import { sendOf } from "../../trace/causality.ts";
import type { Replay } from "../../trace/replay.ts";
import { requestText, resultText } from "../certificate.ts";
import { eventsAround, mostTelling } from "../event-log.ts";
import { eventText } from "../event-text.ts";
import { instant } from "../units.ts";
import { cut } from "../visible.ts";

/**
 * A Mermaid sequence diagram of what is around the first violation (or of the beginning, where there is none), short
 * enough for where such diagrams are shown: Mermaid refuses more than 50,000 characters and 500 arrows.
 */
const EVENTS_MAX = 120;
const TEXT_LENGTH_MAX = 80;
export const MERMAID_CHARACTERS_MAX = 50_000;

export function* mermaidLines({ outcome, events }: Replay): Generator<string> {
  const { plan, record, violations } = outcome;
  const [violation] = violations;
  const around = violation === undefined ? events.slice(0, 10 * EVENTS_MAX) : eventsAround(events, violation);
  const shown = mostTelling(
    around.filter(({ kind }) => isDrawn(kind)),
    EVENTS_MAX,
  );
  const operations = new Map(record.history.map((operation) => [operation.id, operation]));
  const clients = new Map(plan.operations.map(({ id, client }) => [id, client]));
  const ids = participants(
    plan.clients.map(({ id }) => id),
    plan.cluster.machines,
  );
  const used = new Set<string>();
  const lines: string[] = [];
  for (const event of shown) {
    const { kind, activity, machine, timeUs } = event;
    const client = clients.get(activity);
    const operation = operations.get(activity);
    const place = machine === null ? undefined : ids.get(`machine ${machine}`);
    const time = `${instant(timeUs)} `;
    if (
      kind.startsWith("client.") &&
      client !== undefined &&
      operation !== undefined &&
      place !== undefined
    ) {
      const who = ids.get(`client ${client}`) ?? place;
      used.add(who).add(place);
      lines.push(
        kind === "client.call"
          ? `${who}->>${place}: ${label(`${time}${activity} ${requestText(operation)}`)}`
          : `${place}-->>${who}: ${label(`${time}${activity} ${resultText(operation)}`)}`,
      );
      continue;
    }
    const sender = ids.get(`machine ${sendOf(events, event)?.machine ?? ""}`);
    if (sender !== undefined && place !== undefined) {
      used.add(sender).add(place);
      lines.push(
        `${sender}${kind === "net.drop" ? "-x" : "->>"}${place}: ${label(time + messageText(event))}`,
      );
    } else if (place === undefined) {
      const [first, last] = [`m1`, `m${plan.cluster.machines.length}`];
      used.add(first).add(last);
      lines.push(
        `Note over ${first === last ? first : `${first},${last}`}: ${label(time + eventText(event, undefined))}`,
      );
    } else {
      used.add(place);
      lines.push(`Note over ${place}: ${label(time + eventText(event, undefined))}`);
    }
  }
  yield "sequenceDiagram\n";
  for (const [name, id] of ids) {
    if (used.has(id)) yield `  participant ${id} as ${label(name.replace(/^(client|machine) /, ""))}\n`;
  }
  for (const line of lines) yield `  ${line}\n`;
}

function isDrawn(kind: string): boolean {
  return /^(client|fault|machine|process)\.|^net\.(deliver|drop)$/.test(kind);
}

/** Names of their own: what a plan calls its machines need not be a name for Mermaid. */
function participants(clients: readonly string[], machines: readonly string[]): Map<string, string> {
  return new Map([
    ...clients.map((name, place): [string, string] => [`client ${name}`, `c${place + 1}`]),
    ...machines.map((name, place): [string, string] => [`machine ${name}`, `m${place + 1}`]),
  ]);
}

function messageText(event: TraceEvent): string {
  return eventText(event, undefined)
    .replace(/^(receives|LOST) from \S+ ?/, (_, what: string) => (what === "LOST" ? "LOST " : ""))
    .replace(/^: /, "");
}

/** Text in which nothing means anything to Mermaid: it has entity codes for its own signs. */
function label(text: string): string {
  return cut(text, TEXT_LENGTH_MAX).replaceAll(/[#;<>{}%]/g, (sign) => `#${sign.codePointAt(0)};`);
}
