import { createSeededChooser } from "../../sim/kernel/choices.ts";
import { backgroundCause } from "../../sim/kernel/cause.ts";
import { createKernel, type Kernel, WORLD_LANE } from "../../sim/kernel/kernel.ts";
import { createTripwire } from "../../sim/kernel/tripwire.ts";
import type { LatencyModel } from "../../sim/world/latency.ts";
import type { MachineEnv } from "../../sim/world/machine.ts";
import type { NetworkOptions } from "../../sim/world/network.ts";
import { type BuiltWorld, createWorld } from "../../sim/world/world.ts";

/** Something that reached a machine. */
export interface Arrival {
  readonly atUs: number;
  readonly at: string;
  readonly from: string;
  /** The text of a message, or "reset". */
  readonly text: string;
}

/** A world of machines that only note what reaches them. */
export interface WorldHarness {
  readonly kernel: Kernel;
  readonly world: BuiltWorld;
  readonly arrivals: Arrival[];
  readonly errors: string[];
  /** Every life so far, oldest first. */
  readonly lives: MachineEnv[];
  /** When each machine's lives began, in milliseconds. */
  readonly bootsOf: (machine: string) => number[];
  at(ms: number, action: () => void): void;
  send(from: string, to: string, text: string): void;
  /** The newest life of a machine. */
  env(machine: string): MachineEnv;
}

export function worldHarness(
  machines: readonly string[],
  network: Partial<NetworkOptions> = {},
  seed = 1,
  syncLatency?: LatencyModel,
): WorldHarness {
  const kernel = createKernel({
    chooser: createSeededChooser(seed),
    tripwire: createTripwire(() => null),
    eventsMax: 10_000_000,
  });
  const arrivals: Arrival[] = [];
  const errors: string[] = [];
  const lives: MachineEnv[] = [];
  const boots: { readonly id: string; readonly atMs: number }[] = [];
  let actions = 0;

  const world = createWorld(
    kernel,
    machines,
    { latency: { kind: "constant", ms: 1 }, loss: 0, duplicate: 0, reorder: 0, ...network },
    {
      boot(env) {
        lives.push(env);
        boots.push({ id: env.id, atMs: kernel.nowUs / 1000 });
        env.network.onFrame((from, frame) => {
          const text = new TextDecoder().decode(frame);
          arrivals.push({ atUs: kernel.nowUs, at: env.id, from, text });
        });
        env.network.onReset((from) => {
          arrivals.push({ atUs: kernel.nowUs, at: env.id, from, text: "reset" });
        });
      },
      crashed() {},
      processes: () => [],
      kill() {},
      journal() {},
      error: (machine, error) => errors.push(`${machine}: ${String(error)}`),
    },
    () => null,
    { hooks: { detours: {}, untilUs: 0 }, syncLatency },
  );
  world.start();

  function env(machine: string): MachineEnv {
    return lives.findLast(({ id }) => id === machine) as MachineEnv;
  }

  return {
    kernel,
    world,
    arrivals,
    errors,
    lives,
    bootsOf: (machine) => boots.flatMap(({ id, atMs }) => (id === machine ? [atMs] : [])),
    at(ms, action) {
      const cause = backgroundCause(`action ${actions++}`);
      kernel.schedule(Math.round(ms * 1000), cause.hash, WORLD_LANE, cause, action);
    },
    send: (from, to, text) => env(from).network.send(to, new TextEncoder().encode(text)),
    env,
  };
}
