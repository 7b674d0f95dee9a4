/**
 * Counters that survive crashes: each key belongs to one machine, which writes every addition to its disk, makes that
 * safe, and only then counts and confirms it. The other machines ask the owner, and ask again while nothing is heard,
 * so the owner remembers which requests it has done.
 *
 *     npx cache-sim run ./examples/counter.yaml --seeds 1..100
 *     npx cache-sim shrink ./examples/counter.yaml --system ./examples/counter.ts --policy forgetful --seed 3
 *
 * The variants have a mistake each. `forgetful` keeps the requests that it has done in memory alone: a request that is
 * repeated across a crash of the owner is counted twice. `hasty` confirms what is not safe on the disk yet.
 */
import { type Data, ms, type OwnAnswer, type OwnNode, type OwnSystem } from "cache-sim/system";
import type { MachineEnv, OwnSetup } from "cache-sim/system";

export const system: OwnSystem = {
  summary: "counters on disk, each of one machine",
  operations: {
    add: { weight: 5, input: (draw) => draw.int("amount", 1, 9) },
    read: { weight: 3 },
  },
  audit: "read",
  model: "counter",
  variants: {
    sound: { summary: "remembers on disk what it has done" },
    forgetful: { summary: "remembers the requests that it has done in memory alone" },
    hasty: { summary: "confirms an addition before it is safe" },
  },
  hooks: { crashpoints: { "after-sync": "An addition is safe, and not confirmed yet." } },
  start,
};

const RETRY_MS = 100;

interface Request {
  readonly id: string;
  readonly key: string;
  /** Null to read. */
  readonly amount: number | null;
}

type Message =
  ({ readonly type: "ask" } & Request) | { readonly type: "answer"; readonly id: string; count: number };

function start({ id: self, incarnation, clock, network, disk, hooks }: MachineEnv, setup: OwnSetup): OwnNode {
  const counts = new Map<string, number>();
  /** The additions that were made, and those under way, by request. */
  const done = new Map<string, Promise<void>>();
  const waiting = new Map<string, (count: number) => void>();
  const loaded = load();
  let asked = 0;

  function apply({ key, amount }: Request): void {
    counts.set(key, (counts.get(key) ?? 0) + (amount ?? 0));
  }

  async function load(): Promise<void> {
    const text = new TextDecoder().decode(await disk.read(0, Number.MAX_SAFE_INTEGER));
    for (const line of text.split("\n")) {
      const request = parse(line) as Request | null;
      if (request === null) continue;
      apply(request);
      if (setup.variant !== "forgetful") done.set(request.id, Promise.resolve());
    }
  }

  async function add(request: Request): Promise<void> {
    // On a line of its own even if the line before was torn by a crash.
    await disk.append(new TextEncoder().encode(`\n${JSON.stringify(request)}`));
    if (setup.variant === "hasty") void disk.sync();
    else await disk.sync();
    hooks.crashpoint("after-sync");
    apply(request);
  }

  /** What the owner of a key does; for one request once, however often it is asked. */
  async function serve(request: Request): Promise<number> {
    await loaded;
    if (request.amount !== null) {
      const under = done.get(request.id) ?? add(request);
      done.set(request.id, under);
      await under;
    }
    return counts.get(request.key) ?? 0;
  }

  function send(to: string, message: Message): void {
    network.send(to, new TextEncoder().encode(JSON.stringify(message)));
  }

  network.onFrame((from, frame) => {
    const message = parse(new TextDecoder().decode(frame)) as Message | null;
    if (message?.type === "answer") waiting.get(message.id)?.(message.count);
    else if (message?.type === "ask") {
      // What fails is not answered: whoever asked will ask again.
      void serve(message).then(
        (count) => send(from, { type: "answer", id: message.id, count }),
        () => undefined,
      );
    }
  });

  async function ask(owner: string, request: Request, deadlineMs: number): Promise<number | null> {
    const answer = new Promise<number>((resolve) => waiting.set(request.id, resolve));
    let count: number | null = null;
    for (let waitedMs = 0; count === null && waitedMs < deadlineMs; waitedMs += RETRY_MS) {
      send(owner, { type: "ask", ...request });
      count = await Promise.race([answer, clock.sleep(ms(RETRY_MS)).then(() => null)]);
    }
    waiting.delete(request.id);
    return count;
  }

  return {
    async perform({ f, key, input, deadlineMs }): Promise<OwnAnswer> {
      const amount = f === "add" ? Number(input) : null;
      const request = { id: `${self}@${incarnation}:${++asked}`, key, amount };
      const owner = ownerOf(key, setup.machines);
      const count = owner === self ? await serve(request) : await ask(owner, request, deadlineMs);
      if (count === null) return { result: amount === null ? "fail" : "indeterminate", error: "no answer" };
      return { result: "ok", output: amount === null ? count : null };
    },
    snapshot: () => ({ counts: Object.fromEntries(counts), waiting: [...waiting.keys()] }),
  };
}

function ownerOf(key: string, machines: readonly string[]): string {
  let sum = 0;
  for (const character of key) sum += character.codePointAt(0) ?? 0;
  return machines[sum % machines.length] ?? "";
}

/** Null for what the network or a crash has damaged. */
function parse(text: string): Data {
  try {
    return JSON.parse(text) as Data;
  } catch {
    return null;
  }
}
