import type { Told } from "../run/system.ts";

/**
 * What the cache does, in plain words, for the story of a failure. Other policies may have messages that are not known
 * here: these are told by their type.
 */

type Data = Readonly<Record<string, unknown>>;

/** The rest of a sentence: "n2 receives from n1 ..." or "n2 ...". Null for what has no part in a story. */
export function tellCache(told: Told): string | null {
  const data: Data = typeof told.data === "object" && told.data !== null ? (told.data as Data) : {};
  if (data["garbage"] !== undefined) return "a message that is too damaged to read";
  const words = told.kind === "message" ? MESSAGES[String(data["type"])] : EVENTS[String(data["type"])];
  if (words !== undefined) return words(data);
  return told.kind === "message" ? `a message "${String(data["type"])}"` : null;
}

type Words = (data: Data) => string | null;

const nothing: Words = () => null;

const MESSAGES: Readonly<Record<string, Words>> = {
  read: ({ key, wants }) =>
    `the question ${wants === "version" ? "which version" : "what"} it holds of ${String(key)}`,
  "read-reply": ({ record, version }) => {
    if (record !== null && record !== undefined) return `the answer that it holds ${recordText(record)}`;
    return version === null ? "the answer that it holds nothing" : "the answer which version it holds";
  },
  store: ({ record }) => `the request to store ${recordText(record)}`,
  "store-reply": ({ isStored }) =>
    isStored === true ? "the word that it is stored" : "the word that there is no room",
  erase: ({ key }) => `the request to forget ${String(key)}`,
  ping: nothing,
  pong: nothing,
  compare: nothing,
  "compare-reply": nothing,
  pull: () => "the question what it missed",
  "pull-reply": ({ records }) => `what it missed: ${counted(records)}`,
};

const EVENTS: Readonly<Record<string, Words>> = {
  "cache.get.hit": ({ source }) =>
    source === "local" ? "answers from its own memory" : "answers with what other nodes hold",
  "cache.get.miss": () => "finds nothing",
  "cache.get.error": ({ error }) => `cannot read: ${String(error)}`,
  "cache.set.error": ({ error }) => `cannot write: ${String(error)}`,
  "cache.delete.error": ({ error }) => `cannot delete: ${String(error)}`,
  "cache.replication.failure": ({ nodeId, error }) =>
    `gives up on its copy at ${String(nodeId)}: ${String(error)}`,
  "cache.disk.error": ({ error }) => `has trouble with its disk: ${String(error)}`,
  "cache.disk.opened": ({ found, records }) =>
    `finds its journal ${String(found)}, with ${String(records)} records`,
};

function recordText(record: unknown): string {
  if (typeof record !== "object" || record === null) return "nothing";
  const { key, value } = record as Data;
  return value === null ? `that ${String(key)} is deleted` : `${String(key)} = ${plain(value)}`;
}

/** Values are JSON texts. */
function plain(value: unknown): string {
  return String(value).replace(/^"([\w:.-]*)"$/, "$1");
}

function counted(records: unknown): string {
  const count = Array.isArray(records) ? records.length : 0;
  return count === 1 ? "1 record" : `${count} records`;
}
