import { workerData } from "node:worker_threads";
import { loadHarness, withPolicyFiles } from "../../search/harness.ts";
import { performTask, type StudyTask, type StudyTaskResult } from "../../study/task.ts";

// The pool hands its own data over first.
const [, systemsModule] = workerData as [unknown, string];
const loaded = await loadHarness(systemsModule).catch((error: unknown) => ({ error }));

/** Does one task of a study, or of the validation, in a worker thread. */
export default async function work(task: StudyTask): Promise<StudyTaskResult> {
  if ("error" in loaded) throw loaded.error;
  const policies = task.kind === "cell" ? [task.policy] : [];
  return performTask(task, await withPolicyFiles(loaded, policies));
}
