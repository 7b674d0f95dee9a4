import type { PolicyKit } from "../../src/index.ts";

/** Whether a node looks healthy from here; it does to itself. */
export function looksHealthy({ self, state }: PolicyKit, node: string): boolean {
  return node === self || state.deref().nodes.get(node)?.status === "healthy";
}
