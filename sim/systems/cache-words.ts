import type { Message } from "../../src/wire/messages.ts";
import type { Told } from "../run/system.ts";

/**
 * What the cache does, in plain words, for the story of a failure. Policies may have messages that are not known here:
 * these are told by the name of their kind.
 */

type Data = Readonly<Record<string, unknown>>;

/** The rest of a sentence: "n2 receives from n1 ..." or "n2 ...". Null for what has no part in a story. */
export function tellCache(told: Told): string | null {
  const data: Data = typeof told.data === "object" && told.data !== null ? (told.data as Data) : {};
  if (data["garbage"] !== undefined) return "a message that is too damaged to read";
  const known: Readonly<Record<string, Words>> = told.kind === "message" ? MESSAGES : EVENTS;
  const type = String(data["type"]);
  const words = Object.hasOwn(known, type) ? known[type] : undefined;
  if (words !== undefined) return words(data);
  return told.kind === "message" ? `a message "${type}"` : null;
}

type Words = (data: Data) => string | null;

const nothing: Words = () => null;

const MESSAGES: Readonly<Record<Message["type"], Words>> = {
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
  ping: () => "the question whether it is alive",
  pong: () => "the answer that it is alive",
  tree: nothing,
  "tree-reply": nothing,
  fetch: ({ keys }) =>
    `the request for what it holds of ${Array.isArray(keys) ? keys.join(", ") : "some keys"}`,
  pull: () => "the question what it missed",
  "pull-reply": ({ records }) => `what it missed: ${counted(records)}`,
  watch: ({ key }) => `the request to be told when ${String(key)} changes, since it keeps a copy`,
  "watch-reply": ({ isWatched, remainingMs }) =>
    `the word that its copy may ${isWatched === true && typeof remainingMs === "number" ? "" : "not "}be served`,
  renew: () => "the question whether it missed a change of what it keeps copies of",
  "renew-reply": ({ sequence }) => `the answer how many changes it was told of: ${String(sequence)}`,
  invalidate: ({ key }) => `the word that its copy of ${String(key)} is out of date`,
  inform: ({ configuration }) => `the news of the configuration of ${epochText(configuration)}`,
  vote: ({ epoch, configuration }) =>
    configuration === null
      ? `the request to promise a vote on what follows epoch ${String(epoch)}`
      : `the request to vote for the configuration of ${epochText(configuration)}`,
  "vote-reply": ({ isGranted }) => `the word that the vote is ${isGranted === true ? "granted" : "refused"}`,
  "take-over": ({ epoch }) => `the request to take over its keys as a member after epoch ${String(epoch)}`,
  configuration: ({ configuration }) =>
    `the word that it is in the configuration of ${epochText(configuration)}`,
  settle: ({ records }) => `the request to note that ${listedKeys(records)} ended`,
  "settle-reply": ({ refused }) =>
    Array.isArray(refused) && refused.length > 0
      ? `the answer that it has not noted the end of ${refused.join(", ")}`
      : "the answer that it has noted it",
  forget: ({ held }) =>
    `the word that every owner has noted the end of ${listedKeys(held)}, which may be forgotten`,
  policy: ({ kind, key, record }) =>
    `the step "${String(kind)}" of its policy for ${String(key)}` +
    (record === null || record === undefined ? "" : `, with ${recordText(record)}`),
  "policy-reply": ({ record }) =>
    record === null || record === undefined
      ? "the answer to a step of its policy"
      : `the answer to a step of its policy, with ${recordText(record)}`,
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

function epochText(configuration: unknown): string {
  const { epoch } =
    typeof configuration === "object" && configuration !== null ? (configuration as Data) : {};
  return `epoch ${String(epoch)}`;
}

/** The keys of records or of versions. */
function listedKeys(entries: unknown): string {
  const keys = (Array.isArray(entries) ? entries : []).flatMap((entry: unknown) => {
    const { key } = typeof entry === "object" && entry !== null ? (entry as Data) : {};
    return typeof key === "string" ? [key] : [];
  });
  return keys.length === 0 ? "nothing" : keys.join(", ");
}

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
