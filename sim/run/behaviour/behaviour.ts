import { finalize, mixInt, mixString } from "../../kernel/mix.ts";
import type { JournalNote } from "../../world/machine.ts";

/** What a run exercised, as names and numbers that can be put together with those of other runs. */
export interface Behaviour {
  /** What happened at least once, sorted: `fault/crash`, `message/store`, `state/health healthy>degraded`. */
  readonly features: readonly string[];
  /** Transitions of the cluster's abstract state, as 32-bit hashes, rising. See {@link createBehaviour}. */
  readonly transitions: readonly number[];
}

export interface BehaviourRecorder {
  happened(feature: string): void;
  faultStarted(kind: string): void;
  faultStopped(kind: string): void;
  booted(machine: string, incarnation: number): void;
  crashed(machine: string): void;
  noted(machine: string, note: JournalNote): void;
  result(): Behaviour;
}

/** Of one machine, all that the abstract state knows. */
interface MachineState {
  isUp: boolean;
  /** 1 for its first life; all later ones count as one. */
  life: number;
  /** By peer, what it counts as. */
  readonly health: Map<string, string>;
  /** By the system's own name for something that has states. */
  readonly aspects: Map<string, string>;
  hash: number;
}

/** Of one run; a bound against systems whose words for their states never end. */
const TRANSITIONS_MAX = 4096;
const FEATURES_MAX = 1000;

/**
 * Follows the abstract state of a cluster: which faults are under way; of each machine whether it is up, in its first
 * life or a later one, how many peers count as what to it, and what the system says of its own states. Machines have no
 * names in it, so two runs that differ only in who plays which part are alike. A transition is a state, the type of
 * the journal entry that was written in it, and the state afterwards: what was new in a run are the transitions that no
 * run before had.
 *
 * The state's hash is a sum over the machines, so that an entry costs one addition and a look into a set, whatever the
 * size of the cluster.
 */
export function createBehaviour(): BehaviourRecorder {
  const features = new Set<string>();
  const transitions = new Set<number>();
  const machines = new Map<string, MachineState>();
  const words = new Map<string, number>();
  let cluster = 0;

  function word(text: string): number {
    let hash = words.get(text);
    if (hash === undefined) words.set(text, (hash = mixString(0, text)));
    return hash;
  }

  function happened(feature: string): void {
    if (features.size < FEATURES_MAX) features.add(feature);
  }

  function stateOf(machine: string): MachineState {
    let state = machines.get(machine);
    if (state === undefined) {
      state = { isUp: false, life: 0, health: new Map(), aspects: new Map(), hash: 0 };
      machines.set(machine, state);
    }
    return state;
  }

  function rehash(state: MachineState): void {
    let hash = mixInt(state.isUp ? 1 : 2, state.life);
    let peers = 0;
    for (const status of state.health.values()) peers = (peers + finalize(word(status))) >>> 0;
    for (const [aspect, value] of state.aspects)
      peers = (peers + finalize(mixInt(word(aspect), word(value)))) >>> 0;
    hash = finalize(mixInt(hash, peers));
    cluster = (cluster - state.hash + hash) >>> 0;
    state.hash = hash;
  }

  function step(event: string, change: () => void): void {
    const before = cluster;
    change();
    if (transitions.size < TRANSITIONS_MAX) {
      transitions.add(finalize(mixInt(mixInt(before, word(event)), cluster)));
    }
  }

  /** @returns whether it was another one before */
  function enter(known: Map<string, string>, key: string, value: string, aspect: string): boolean {
    const before = known.get(key);
    if (before === value) return false;
    known.set(key, value);
    if (before !== undefined) happened(`state/${aspect} ${before}>${value}`);
    return true;
  }

  const toggleFault = (kind: string, sign: 1 | -1): void =>
    step(kind, () => {
      cluster = (cluster + sign * finalize(word(`fault ${kind}`))) >>> 0;
    });

  return {
    happened,
    faultStarted(kind) {
      happened(`fault/${kind}`);
      toggleFault(kind, 1);
    },
    faultStopped: (kind) => toggleFault(kind, -1),
    booted(machine, incarnation) {
      const state = stateOf(machine);
      step("boot", () => {
        Object.assign(state, { isUp: true, life: Math.min(2, incarnation) });
        rehash(state);
      });
    },
    crashed(machine) {
      const state = stateOf(machine);
      step("crash", () => {
        state.isUp = false;
        state.health.clear();
        state.aspects.clear();
        rehash(state);
      });
    },
    noted(machine, { type, checked, becomes }) {
      if (checked === undefined && becomes === undefined) {
        if (transitions.size < TRANSITIONS_MAX) {
          transitions.add(finalize(mixInt(mixInt(cluster, word(type)), cluster)));
        }
        return;
      }
      const state = stateOf(machine);
      let hasChanged = false;
      for (const { peer, status } of checked ?? []) {
        if (status !== null && enter(state.health, peer, status, "health")) hasChanged = true;
      }
      if (becomes !== undefined) {
        hasChanged = enter(state.aspects, becomes.of, becomes.state, becomes.aspect) || hasChanged;
      }
      step(type, () => {
        if (hasChanged) rehash(state);
      });
    },
    result: () => ({
      features: [...features].sort(),
      transitions: [...transitions].sort((a, b) => a - b),
    }),
  };
}
