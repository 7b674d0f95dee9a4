/** Binds a system of the user's own to the harness, as `sim/systems` binds the cache. */
import { noUnhandledRejection } from "../check/invariants/no-unhandled-rejection.ts";
import { createLinearizableByModel } from "../check/invariants/linearizable-by-model.ts";
import { operationsEnd } from "../check/invariants/operations-end.ts";
import type { Data } from "../run/history.ts";
import type { Invariant } from "../run/invariant.ts";
import { invariantOf } from "../run/invariant-file.ts";
import type { Plan } from "../run/plan.ts";
import { membersAtFirst } from "../run/members.ts";
import { policyName } from "../run/policy-text.ts";
import { didYouMean, oneOf } from "../run/suggest.ts";
import type { PolicyCard, System, SystemWorkload, Told } from "../run/system.ts";
import { isData } from "./own-answer.ts";
import { startNode } from "./own-node.ts";
import { modelOf, ownSystemOf } from "./own-system-shape.ts";
import { type OwnSystem, SystemFileError } from "./own-system.ts";

/**
 * The system of a module, under the file's path as its name. Its variants are its policies, named `FILE#VARIANT`;
 * where there is only one way, that is named by the file.
 *
 * @throws SystemFileError for a module whose system cannot be used
 */
export function bindSystem(file: string, module: { readonly system: unknown }): System {
  const own = ownSystemOf(file, module);
  const invariants = invariantsOf(file, own);
  return {
    name: file,
    policies: cardsOf(file, own, invariants),
    hooks: { detours: {}, probes: {}, crashpoints: {}, ...own.hooks },
    workload: workloadOf(file, own),
    invariants,
    boot: (machine, plan) => startNode(file, own, machine, setupOf(file, plan)),
    describeFrame: (frame) => describeFrame(own, frame),
    tell,
    owners: () => null,
  };
}

function setupOf(file: string, plan: Plan) {
  const name = policyName(plan.policy);
  return {
    machines: membersAtFirst(plan),
    replication: plan.cluster.replication,
    deadlineMs: plan.deadlineMs,
    clockSkewMs: plan.clockSkewMs ?? 0,
    variant: name.slice(file.length + 1),
  };
}

function invariantsOf(file: string, own: OwnSystem): Invariant[] {
  const model = modelOf(file, own);
  const usual = [
    ...(model === null ? [] : [createLinearizableByModel(model, own.initial)]),
    operationsEnd,
    noUnhandledRejection,
  ];
  const taken = new Set(usual.map(({ name }) => name));
  const further = Object.entries(own.invariants ?? {}).map(([name, invariant]): Invariant => {
    if (taken.has(name)) {
      throw new SystemFileError(
        `${file}: system.invariants.${name}: there is one of that name: choose another`,
      );
    }
    const bound = invariantOf(`${file} (${name})`, { invariant });
    // Whether breaking it is a failure is what each variant promises.
    const check: Invariant["check"] = (run) => bound.check(run).map((each) => ({ ...each, invariant: name }));
    return { ...bound, name, isUnconditional: false, check };
  });
  return [...usual, ...further];
}

function cardsOf(file: string, own: OwnSystem, invariants: readonly Invariant[]): PolicyCard[] {
  const all = invariants.map(({ name }) => name);
  if (own.variants === undefined) return [{ name: file, summary: own.summary, promises: all }];
  return Object.entries(own.variants).map(([variant, { summary, promises = all }]) => {
    const unknown = promises.find((name) => !all.includes(name));
    if (unknown !== undefined) {
      const expected = `expected ${oneOf("invariants", all)}, got "${unknown}"${didYouMean(unknown, all)}`;
      throw new SystemFileError(`${file}: system.variants.${variant}.promises: ${expected}`);
    }
    return { name: `${file}#${variant}`, summary, promises };
  });
}

function workloadOf(file: string, own: OwnSystem): SystemWorkload {
  return {
    isKeyed: own.isKeyed ?? true,
    audit: own.audit ?? null,
    operations: Object.entries(own.operations).map(([f, { weight = 1, input }]) => ({
      f,
      weight,
      ...(input !== undefined && {
        input(draw, operation) {
          const drawn: unknown = attempt(file, `the input of ${f}`, () => input(draw, operation));
          if (isData(drawn)) return drawn;
          throw new SystemFileError(`${file}: the input of ${f} must be JSON data, got ${typeof drawn}`);
        },
      }),
    })),
  };
}

function attempt(file: string, what: string, work: () => Data): Data {
  try {
    return work();
  } catch (error) {
    const thrown = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    throw new SystemFileError(`${file}: ${what} threw ${thrown.replaceAll(/\s+/g, " ")}`);
  }
}

const BYTES_SHOWN = 16;

/** Called with garbage too. */
function describeFrame({ describeFrame: describe }: OwnSystem, frame: Uint8Array): unknown {
  try {
    if (describe !== undefined) return describe(frame);
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(frame)) as unknown;
  } catch {
    return { bytes: frame.length, begin: Buffer.from(frame.subarray(0, BYTES_SHOWN)).toString("hex") };
  }
}

function tell({ kind, data }: Told): string | null {
  if (kind === "journal" || typeof data !== "object" || data === null) return null;
  const { type } = data as { readonly type?: unknown };
  return typeof type === "string" ? `a message "${type}"` : "a message";
}
