/**
 * A network within one process: for trying the cache out, for tests, and for programs that want several caches to
 * share one store.
 *
 * Frames arrive in order, one turn of the promise queue after they were sent, or `latencyMs` later by the clock.
 * Nothing is lost but what cannot arrive: a node that has left, a link that is cut.
 */
import { type Clock, ms } from "@phyxius/clock";
import type { Transport } from "./transport.ts";

export interface InMemoryNetworkOptions {
  /** The names of all nodes that may ever join. */
  readonly nodes: readonly string[];
  /** With a clock, frames take `latencyMs`; without one they take no time. */
  readonly clock?: Clock | undefined;
  /** Whole milliseconds each way; 0 by default. */
  readonly latencyMs?: number | undefined;
}

export interface InMemoryNetwork {
  /** The node's end of the network. Joining again is a restart: what was under way to its former life is lost. */
  join(node: string): Transport;
  /** The node is gone: its peers are told, and so is whoever sends to it from now on. */
  leave(node: string): void;
  /** Cuts every link between the two groups, in both directions; silently, as a partition does. */
  cut(group: readonly string[], others: readonly string[]): void;
  /** Mends every link. */
  heal(): void;
}

interface Endpoint {
  receive: ((from: string, frame: Uint8Array) => void) | null;
  reset: ((peer: string) => void) | null;
}

export function createInMemoryNetwork(options: InMemoryNetworkOptions): InMemoryNetwork {
  const { nodes, clock, latencyMs = 0 } = options;
  const endpoints = new Map<string, Endpoint>();
  const cutLinks = new Map<string, Set<string>>();

  function later(run: () => void): void {
    if (clock === undefined || latencyMs === 0) queueMicrotask(run);
    else void clock.sleep(ms(latencyMs)).then(run);
  }

  function isCut(from: string, to: string): boolean {
    return cutLinks.get(from)?.has(to) === true;
  }

  function cutLink(from: string, to: string): void {
    const cut = cutLinks.get(from) ?? new Set();
    cutLinks.set(from, cut.add(to));
  }

  function tellReset(node: string, peer: string): void {
    const endpoint = endpoints.get(node);
    later(() => {
      if (endpoints.get(node) === endpoint && !isCut(peer, node)) endpoint?.reset?.(peer);
    });
  }

  function send(from: string, to: string, frame: Uint8Array): void {
    const sender = endpoints.get(from);
    later(() => {
      if (isCut(from, to)) return;
      const receiver = endpoints.get(to);
      if (receiver !== undefined) receiver.receive?.(from, frame);
      else if (endpoints.get(from) === sender) tellReset(from, to);
    });
  }

  return {
    join(node) {
      if (!nodes.includes(node)) {
        throw new RangeError(`"${node}" is not a node of this network; it has ${nodes.join(", ")}`);
      }
      const endpoint: Endpoint = { receive: null, reset: null };
      endpoints.set(node, endpoint);
      return {
        self: node,
        peers: nodes.filter((other) => other !== node),
        send(to, frame) {
          if (endpoints.get(node) === endpoint) send(node, to, frame);
        },
        onFrame(receive) {
          endpoint.receive = receive;
        },
        onReset(told) {
          endpoint.reset = told;
        },
      };
    },
    leave(node) {
      endpoints.delete(node);
      for (const other of endpoints.keys()) tellReset(other, node);
    },
    cut(group, others) {
      for (const one of group) {
        for (const other of others) {
          cutLink(one, other);
          cutLink(other, one);
        }
      }
    },
    heal: () => cutLinks.clear(),
  };
}
