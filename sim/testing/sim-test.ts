import { expect, test, type TestOptions } from "vitest";
import type { Outcome } from "../run/outcome.ts";
import type { Plan } from "../run/plan.ts";
import { run } from "../run/run.ts";
import type { Scenario } from "../run/scenario/scenario.ts";
import { type Harness, optionsFor } from "../search/harness.ts";
import { checkScenario, type CheckScenarioOptions } from "./check-scenario.ts";
import { keepPlan, keptFolder, replayLineOf } from "./kept-plans.ts";
import { failureText, unexpectedIn } from "./verdict.ts";

export interface SimTestOptions extends CheckScenarioOptions {
  /** In milliseconds, for all seeds together; Vitest's own by default. */
  readonly timeoutMs?: number | undefined;
}

export interface SimTesting {
  /**
   * A test that runs a scenario with many seeds, and fails with the first that breaks what the policy promises.
   *
   * @param scenario the path of a file, the name of one in `scenarios/`, or the scenario itself
   */
  readonly simTest: (name: string, scenario: string | Scenario, options: SimTestOptions) => void;
  /** Runs a plan with the checks that it names. */
  readonly runPlan: (plan: Plan) => Promise<Outcome>;
  /** What `expect(outcome).toSatisfyInvariants()` does; give it to `expect.extend`. */
  readonly toSatisfyInvariants: (outcome: Outcome, options?: SatisfyOptions) => MatcherResult;
}

export interface SatisfyOptions {
  /** Any violation is a failure, also of what the policy does not promise. False by default. */
  readonly isStrict?: boolean | undefined;
  /** Keeps the plan beside the test if it fails, so that there is something to replay. True by default. */
  readonly isKept?: boolean | undefined;
}

export interface MatcherResult {
  readonly pass: boolean;
  readonly message: () => string;
}

/** While a property shrinks, each plan that fails replaces the larger one before it. */
const LATEST = "latest";

/** The helpers for systems of one's own: `cache-sim/vitest` has them ready for the cache. */
export function createSimTesting(harness: Harness): SimTesting {
  return {
    simTest(name, scenario, { timeoutMs, ...options }) {
      const testOptions: TestOptions = timeoutMs === undefined ? {} : { timeout: timeoutMs };
      test(name, testOptions, async ({ task }) => {
        const folder = keptFolder(task.file.filepath, name);
        const failure = await checkScenario(harness, folder, scenario, options);
        if (failure !== null) expect.fail(failure);
      });
    },

    runPlan: (plan) => run(plan, optionsFor(harness, plan)),

    toSatisfyInvariants(outcome, { isStrict = false, isKept = true } = {}) {
      const { plan } = outcome;
      const unexpected = unexpectedIn(outcome, harness, isStrict);
      const pass = unexpected.length === 0;
      const { testPath, currentTestName = "" } = expect.getState();
      const replayLine =
        pass || !isKept || testPath === undefined
          ? null
          : replayLineOf(keepPlan(keptFolder(testPath, currentTestName), LATEST, plan));
      return {
        pass,
        message: () =>
          pass
            ? `${plan.scenario} with seed ${plan.seed} keeps what ${plan.policy} promises, and was expected not to`
            : failureText(outcome, unexpected, replayLine),
      };
    },
  };
}
