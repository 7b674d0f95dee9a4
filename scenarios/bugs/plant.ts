/**
 * How a defect is planted: one function for one part of the node, one lie in what the policy works with, or one between
 * the node and its machine. The cache itself knows nothing of it.
 */
import type { System } from "../../sim/run/system.ts";
import { createCacheSystem } from "../../sim/systems/cache.ts";
import type { MachineEnv } from "../../sim/world/machine.ts";
import { type Cache, createCacheOf } from "../../src/cache.ts";
import type {
  CacheOptions,
  GatherOptions,
  Operation,
  Policy,
  PolicyKit,
  PolicyNode,
} from "../../src/index.ts";
import { type NodeParts, PARTS } from "../../src/node/parts.ts";
import { openCacheOf } from "../../src/open-cache.ts";

/** The system with the defect, and the same one without it. */
export interface Planted {
  readonly base: string;
  readonly planted: System;
  readonly sound: System;
}

export interface Defect {
  /** The policy instead of the sound one. */
  readonly policy?: Policy;
  /** Parts of the node instead of the sound ones. */
  readonly parts?: Partial<NodeParts>;
  /** What the node has of its machine. */
  readonly machine?: (machine: MachineEnv) => MachineEnv;
}

/** What both systems have, so that the defect matters. */
export interface Surroundings {
  readonly options?: Partial<CacheOptions>;
  /** The program around the cache. */
  readonly program?: (cache: Cache) => Cache;
  /** What is left of the policy's promises with those options. */
  readonly promises?: readonly string[];
}

export function plant(base: Policy, defect: Defect, surroundings: Surroundings = {}): Planted {
  return {
    base: base.name,
    planted: systemOf({ ...base, ...defect.policy }, defect, surroundings),
    sound: systemOf(base, {}, surroundings),
  };
}

function systemOf(
  policy: Policy,
  { parts, machine = (env) => env }: Defect,
  { options, program = (cache) => cache, promises = policy.promises }: Surroundings,
): System {
  const allParts: NodeParts = { ...PARTS, ...parts };
  const system = createCacheSystem([policy], {
    createCache: (usual) => program(createCacheOf(allParts, { ...usual, ...options })),
    openCache: async (usual) => program(await openCacheOf(allParts, { ...usual, ...options })),
  });
  return {
    ...system,
    policies: [{ ...policy, promises }],
    boot: (env, plan) => system.boot(machine(env), plan),
  };
}

/** The policy with a kit that is not what it seems. */
export function withKit(policy: Policy, lie: (kit: PolicyKit) => Partial<PolicyKit>): Policy {
  return { ...policy, create: (kit) => policy.create({ ...kit, ...lie(kit) }) };
}

/** The policy with operations of another kind. */
export function withNode(
  policy: Policy,
  change: (node: PolicyNode, kit: PolicyKit) => Partial<PolicyNode>,
): Policy {
  return {
    ...policy,
    create(kit) {
      const node = policy.create(kit);
      return { ...node, ...change(node, kit) };
    },
  };
}

/** What is asked of whom, and how many have to answer. */
export type Asking = (options: GatherOptions, operation: Operation, kit: PolicyKit) => Partial<GatherOptions>;

/** The policy with other questions to replicas. */
export function withAsking(policy: Policy, change: Asking): Policy {
  return withKit(policy, (kit) => ({
    gather: (operation, options) => kit.gather(operation, { ...options, ...change(options, operation, kit) }),
  }));
}
