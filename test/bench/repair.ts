import { createAbsoluteTtlClock } from "../../src/ttl/ttl-clock.ts";
import { createAtom } from "@phyxius/atom";
import { createControlledClock } from "@phyxius/clock";
import { answerPull, PullSession } from "../../src/background/pull.ts";
import { answerFetch, answerTree, type TreeHost, TreeSession } from "../../src/background/tree-session.ts";
import { createCatchUp } from "../../src/replication/catch-up.ts";
import { NO_HOOKS } from "../../src/hooks.ts";
import { createIncarnations } from "../../src/membership/incarnations.ts";
import { firstConfiguration } from "../../src/membership/configuration.ts";
import { createMembership } from "../../src/membership/membership.ts";
import { NO_VOTES } from "../../src/membership/agreement.ts";
import type { CacheRecord } from "../../src/local/record.ts";
import { createRpc } from "../../src/transport/rpc.ts";
import { createSharedRecords } from "../../src/replication/shared-records.ts";
import { createSharedTrees } from "../../src/replication/shared-trees.ts";
import { createInitialState } from "../../src/state.ts";
import { createStore } from "../../src/local/store.ts";
import { createCodec } from "../../src/wire/codec.ts";
import type { ReplyMessage, RequestMessage } from "../../src/wire/messages.ts";
import { figures, row } from "./measure.ts";

const NODES = ["n1", "n2"];
const KEYS = 10_000;
const configuration = firstConfiguration(NODES.map((id) => ({ id, zone: null })));

/** Two replicas that own everything, and what passes between them. */
function createPair() {
  const clock = createControlledClock({ initialTime: 1_000_000 });
  const traffic = { messages: 0, bytes: 0 };
  const queue: (() => void)[] = [];
  const receivers = new Map<string, (from: string, frame: Uint8Array) => void>();
  const hosts = new Map(NODES.map((self) => [self, createHost(self)]));

  function createHost(self: string): TreeHost {
    const peers = NODES.filter((node) => node !== self);
    const options = { incarnation: 1, mustCatchUp: false, replication: 2, configuration };
    const state = createAtom(createInitialState(self, peers, options), clock);
    const membership = createMembership({ self, peers, state, replication: 2, hasFixedOwners: true });
    const trees = createSharedTrees(self, state, membership);
    const store = createStore(state, createAbsoluteTtlClock(clock, 0), {
      recordsMax: 2 * KEYS,
      graceMs: 1000,
      onChange: trees.note,
    });
    const incarnations = createIncarnations(state, new Set(NODES));
    const rpc = createRpc({
      transport: {
        self,
        peers,
        send(to, frame) {
          traffic.messages++;
          traffic.bytes += frame.length;
          queue.push(() => receivers.get(to)?.(self, frame));
        },
        onFrame: (receive) => void receivers.set(self, receive),
        onReset() {},
      },
      codec: createCodec({ frameBytesMax: 10_000_000 }),
      incarnation: 1,
      incarnations,
      membership,
      onBehind() {},
      answer: (from, request) => answer(host, from, request),
      onRejected() {},
    });
    const host: TreeHost = {
      rpc,
      store,
      trees,
      incarnations,
      hooks: NO_HOOKS,
      votes: () => NO_VOTES,
      takeOver: (records, done) => done(store.applyAll(records)),
      catchUp: createCatchUp(self, state, membership, incarnations),
      sharedWith: createSharedRecords(self, state, membership),
    };
    return host;
  }

  return {
    traffic,
    host: (name: string) => hosts.get(name) as TreeHost,
    settle: () => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) next();
    },
  };
}

function answer(host: TreeHost, from: string, request: RequestMessage): ReplyMessage | null {
  if (request.type === "tree") return answerTree(host, from, request);
  if (request.type === "fetch") return answerFetch(host, request);
  return request.type === "pull" ? answerPull(host, from, request) : null;
}

function recordOf(index: number, counter: number): CacheRecord {
  const version = { counter, node: "n1", incarnation: 1 };
  return { key: `key-${index}`, version, value: `"${index}"`, expireAtMs: 2_000_000, operation: counter };
}

/** What it takes to find one difference among many records and to fetch it. */
export function repair(print: (line?: string) => void): void {
  print();
  print(`Repair of one difference among ${KEYS.toLocaleString("en-US")} records`);
  const ways = {
    "by trees": (host: TreeHost) => new TreeSession(host, "n1"),
    "by naming all versions": (host: TreeHost) => new PullSession(host, "n1"),
  };
  for (const [name, start] of Object.entries(ways)) {
    const { host, traffic, settle } = createPair();
    for (const node of NODES)
      host(node).store.applyAll(Array.from({ length: KEYS }, (_, i) => recordOf(i, 1)));
    const times: number[] = [];
    for (let round = 0; round < 20; round++) {
      host("n1").store.apply(recordOf(round, round + 2));
      traffic.messages = 0;
      traffic.bytes = 0;
      const startedMs = performance.now();
      start(host("n2")).send();
      settle();
      times.push(performance.now() - startedMs);
      if (host("n2").store.get(`key-${round}`)?.version.counter !== round + 2)
        throw new Error("not repaired");
    }
    print(row(`  ${name}: ${traffic.messages} messages, ${traffic.bytes} bytes`, figures(times), "ms", 2));
  }
}
