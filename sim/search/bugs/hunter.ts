import { workerData } from "node:worker_threads";
import { openControl } from "../control.ts";
import { hunt, type Hunt } from "./hunt.ts";
import type { HunterSetup, HuntTask } from "./hunter-pool.ts";
import { loadBank } from "./load-bank.ts";

// The pool hands its own data over first.
const [, setup] = workerData as [unknown, HunterSetup];
const control = openControl(setup.control);

// Before the worker is ready, as in `worker.ts`. A failure belongs to the first task.
const loaded = await loadBank(setup.bankModule).catch((error: unknown) => ({ error }));

/** Hunts one defect through one range of seeds, in a worker thread. */
export default async function work({ bug: name, scenario, seeds }: HuntTask): Promise<Hunt> {
  if ("error" in loaded) throw loaded.error;
  const { bugs, invariants } = loaded;
  const bug = bugs.find((each) => each.name === name);
  if (bug === undefined) throw new RangeError(`no defect is called "${name}"`);
  return hunt({ bug, scenario, invariants, seeds, isStopped: () => control.isStopRequested() });
}
