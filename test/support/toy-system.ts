import type { System } from "../../sim/run/system.ts";

/**
 * The smallest system that is worth a simulation: one register a key on the first machine, asked over the
 * network by the others. It makes no promise; it is there to drive the harness.
 */
export const toySystem: System = {
  name: "toy",
  policies: [{ name: "central", summary: "Every key lives on the first machine.", promises: [] }],
  boot(env, plan) {
    const primary = plan.cluster.machines[0] as string;
    const store = new Map<string, string>();
    const pending = new Map<number, (value: string | null) => void>();
    let nextId = 1;
    const encode = (message: unknown) => new TextEncoder().encode(JSON.stringify(message));

    function apply(kind: string, key: string, value: string | null): string | null {
      if (kind === "set") store.set(key, value as string);
      if (kind === "delete") store.delete(key);
      return store.get(key) ?? null;
    }

    env.network.onFrame((from, frame) => {
      const message = JSON.parse(new TextDecoder().decode(frame));
      if (message.answer === undefined) {
        const answer = apply(message.kind, message.key, message.value);
        env.network.send(from, encode({ id: message.id, answer }));
      } else {
        pending.get(message.id)?.(message.answer);
        pending.delete(message.id);
      }
    });
    env.clock.interval(100 as never, () =>
      env.journal({ type: "toy.tick", operation: null, edge: null, data: null }),
    );

    return {
      async perform({ kind, key, value }) {
        if (env.id === primary) return { result: "ok", value: apply(kind, key, value), error: null };
        const id = nextId++;
        const answered = new Promise<string | null>((resolve) => pending.set(id, resolve));
        env.network.send(primary, encode({ id, kind, key, value }));
        return { result: "ok", value: await answered, error: null };
      },
      replicas: () => [...store].map(([key, value]) => ({ key, value, fingerprint: value })),
    };
  },
  describeFrame: (frame) => JSON.parse(new TextDecoder().decode(frame)),
  owners: () => null,
};
