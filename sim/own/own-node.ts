import type { Snapshot, SystemNode } from "../run/system.ts";
import type { MachineEnv } from "../world/machine.ts";
import { readAnswer } from "./own-answer.ts";
import { type OwnNode, type OwnSetup, type OwnSystem, SystemFileError } from "./own-system.ts";

/**
 * One life of a machine that runs a user's system.
 *
 * @throws SystemFileError when what it starts is no node
 */
export function startNode(file: string, own: OwnSystem, machine: MachineEnv, setup: OwnSetup): SystemNode {
  const node: unknown = own.start(machine, setup);
  if (!isNode(node)) {
    throw new SystemFileError(
      `${file}: start must return a node at once: { perform(call) { ... } }; what takes time goes into perform`,
    );
  }
  return {
    async perform({ f = "", key, input = null, deadlineMs }) {
      const answer = readAnswer(await node.perform({ f, key, input, deadlineMs }));
      if ("problem" in answer) {
        throw new SystemFileError(`${file}: perform answered "${f}" with something else: ${answer.problem}`);
      }
      return answer;
    },
    replicas: () => [],
    ...(node.snapshot !== undefined && { snapshot: createSnapshots(file, () => node.snapshot?.()) }),
  };
}

function isNode(value: unknown): value is OwnNode {
  return (
    typeof value === "object" && value !== null && "perform" in value && typeof value.perform === "function"
  );
}

/** Nobody says that the state is immutable, so its text is taken. */
function createSnapshots(file: string, read: () => unknown): () => Snapshot {
  let last: { readonly text: string; readonly snapshot: Snapshot } | null = null;
  return () => {
    const text: unknown = JSON.stringify(read());
    if (typeof text !== "string") throw new SystemFileError(`${file}: snapshot must return JSON data`);
    if (last?.text !== text) last = { text, snapshot: { describe: () => JSON.parse(text) as unknown } };
    return last.snapshot;
  };
}
