/** The text that `init system` writes: a system that works, with what a reader needs to go on from it. */
export function systemSkeleton(name: string): string {
  return `/**
 * A system of your own. Run it, break it, read what broke:
 *
 *     npx cache-sim run calm --system ./${name}.ts
 *     npx cache-sim run crash-restart --system ./${name}.ts --seeds 1..100
 *     npx cache-sim explain crash-restart --system ./${name}.ts --seed 1
 *
 * This one keeps a value for each key, in the memory of one machine; the others ask that one. Two things to find out
 * and to mend: the value is lost with its machine, and nobody asks again when a message is lost.
 * Time comes from \`machine.clock\`, randomness from \`machine.random()\`, other machines from \`machine.network\` only: what
 * touches Date, Math.random or a timer ends the run with the file and line.
 */
import { ms } from "cache-sim/system";
import type { Data, MachineEnv, OwnAnswer, OwnCall, OwnNode, OwnSetup, OwnSystem } from "cache-sim/system";

export const system: OwnSystem = {
  summary: "each key in the memory of one machine",
  // What clients ask for. \`draw\` gives each seed inputs of its own; a label tells one draw from another.
  operations: {
    read: { weight: 5 },
    write: { weight: 4, input: (_draw, operation) => operation },
    cas: { weight: 2, input: (draw, operation) => [\`c1#\${draw.int("expected", 1, 20)}\`, operation] },
  },
  // Asked of every key through every machine at the end, when all must have recovered.
  audit: "read",
  // How one key behaves when one operation follows the other: \`npx cache-sim check --help\` names the models, and
  // \`defineModel\` makes another. Besides, every operation must be answered, and end well once all has settled.
  model: "cas-register",
  start,
};

interface Message {
  readonly type: "ask" | "answer";
  readonly id: number;
  readonly call?: OwnCall;
  readonly answer?: OwnAnswer;
}

/** Called once in each life of a machine. What it keeps in variables is lost in a crash; \`machine.disk\` is not. */
function start({ id: self, clock, network }: MachineEnv, { machines }: OwnSetup): OwnNode {
  const values = new Map<string, Data>();
  const waiting = new Map<number, (answer: OwnAnswer) => void>();
  let asked = 0;

  /** What the one machine does that has the key. */
  function serve({ f, key, input }: OwnCall): OwnAnswer {
    const value = values.get(key) ?? null;
    if (f === "read") return { result: "ok", output: value };
    const [expected, next] = f === "cas" && Array.isArray(input) ? input : [value, input];
    // It certainly did not happen: that is what "fail" says.
    if (expected !== value) return { result: "fail", error: "another value" };
    values.set(key, next ?? null);
    return { result: "ok" };
  }

  function send(to: string, message: Message): void {
    network.send(to, new TextEncoder().encode(JSON.stringify(message)));
  }

  network.onFrame((from, frame) => {
    const { type, id, call, answer } = JSON.parse(new TextDecoder().decode(frame)) as Message;
    if (type === "ask" && call !== undefined) send(from, { type: "answer", id, answer: serve(call) });
    if (type === "answer" && answer !== undefined) waiting.get(id)?.(answer);
  });

  return {
    async perform(call) {
      const owner = machines[Number(call.key.replace(/\\D/g, "")) % machines.length] ?? self;
      if (owner === self) return serve(call);
      const id = ++asked;
      const answered = new Promise<OwnAnswer>((resolve) => waiting.set(id, resolve));
      send(owner, { type: "ask", id, call });
      // Nobody knows whether it happened: that is what "indeterminate" says.
      const silence = clock
        .sleep(ms(call.deadlineMs - 1))
        .then((): OwnAnswer => ({ result: "indeterminate", error: "no answer" }));
      return Promise.race([answered, silence]).finally(() => waiting.delete(id));
    },
    // For the page of a run, which shows the state at every moment.
    snapshot: () => ({ values: Object.fromEntries(values) }),
  };
}
`;
}
