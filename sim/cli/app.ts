import {
  type Application,
  type ApplicationText,
  ArgumentScannerError,
  buildApplication,
  buildCommand,
  buildRouteMap,
  formatMessageForArgumentScannerError,
  help,
  type PartialApplicationConfiguration,
  type StricliIntegration,
  text_en,
  version,
} from "@stricli/core";
import { alternatives, didYouMean } from "../run/suggest.ts";
import type { CheckFlags } from "./check-command.ts";
import type { CliContext } from "./context.ts";
import {
  checkHelp,
  explainHelp,
  type HelpText,
  initHelp,
  listHelp,
  planHelp,
  replayHelp,
  rootHelp,
  runHelp,
  shrinkHelp,
} from "./help-text.ts";
import type { ListFlags } from "./list-command.ts";
import { parseRuns, parseTimeBudget } from "./parse-budget.ts";
import { parseMillis, parseSteps } from "./parse-check-flags.ts";
import { parseName } from "./parse-name.ts";
import { parseSeed, parseSeeds } from "./parse-seeds.ts";
import { parseWorkers } from "./parse-workers.ts";
import { parseEvent, parseExportKind, parseStatePlace, type ReplayFlags } from "./replay-flags.ts";
import type { RunFlags } from "./run-command.ts";
import type { ExplainFlags } from "./explain-command.ts";
import type { ShrinkFlags } from "./shrink-command.ts";
import type { SeedFlags } from "./load-replayable.ts";
import { readVersion } from "./version.ts";

/**
 * The command line: what may be given, and nothing of what is done with it. Commands are loaded when they are
 * run, so that help and mistakes are answered at once.
 */

/** Chosen so that the first row is there in two seconds, and the default campaign is over in some ten. */
const SEEDS_USUAL = "1..20";

const file = { parse: String, placeholder: "FILE" };
const policy = { kind: "parsed", parse: String, placeholder: "NAME" } as const;
const seed = { kind: "parsed", parse: parseSeed, placeholder: "N" } as const;

const event = { kind: "parsed", parse: parseEvent, placeholder: "EVENT" } as const;

const run = buildCommand<RunFlags, string[], CliContext>({
  docs: {
    brief: "Run scenarios with many seeds and report what broke",
    fullDescription: runHelp.intro,
    customUsage: ["[SCENARIO...] [FLAGS]"],
  },
  parameters: {
    flags: {
      policy: {
        ...policy,
        brief: "Policy to run; repeat it for several",
        variadic: true,
        optional: true,
      },
      seeds: {
        kind: "parsed",
        parse: parseSeeds,
        brief: "One seed or a range",
        placeholder: "FROM..TO",
        default: SEEDS_USUAL,
      },
      workers: {
        kind: "parsed",
        parse: parseWorkers,
        brief: "Worker threads; one a core without it",
        placeholder: "N",
        optional: true,
      },
      strict: {
        kind: "boolean",
        brief: "Fail on any violation",
        default: false,
        withNegated: false,
      },
      shrink: {
        kind: "boolean",
        brief: "Make unexpected failures small",
        default: false,
        withNegated: false,
      },
      reports: {
        kind: "parsed",
        parse: String,
        brief: "Folder for plans and pages",
        placeholder: "DIR",
        default: "reports",
      },
      html: {
        kind: "boolean",
        brief: "Write a page to look at for each plan",
        default: false,
        withNegated: false,
      },
    },
    positional: {
      kind: "array",
      parameter: {
        parse: String,
        placeholder: "SCENARIO",
        brief: "File, folder or name; everything in scenarios/ without it",
      },
    },
  },
  loader: () => import("./run-command.ts"),
});

const replay = buildCommand<ReplayFlags, string[], CliContext>({
  docs: {
    brief: "Run one plan again and show what happened",
    fullDescription: replayHelp.intro,
    customUsage: [
      "FILE.plan.json [FLAGS]",
      "FILE.yaml --policy NAME --seed N [FLAGS]",
      "FILE.jsonl.gz [FLAGS]",
      "FILE --export FORMAT OUT",
      "--diff A.jsonl.gz B.jsonl.gz",
    ],
  },
  parameters: {
    flags: {
      policy: { ...policy, brief: "Policy of a scenario", optional: true },
      seed: { ...seed, brief: "Seed of a scenario", optional: true },
      log: {
        kind: "enum",
        values: ["violation", "all", "none"],
        brief: "Events to print",
        default: "violation",
      },
      until: { ...event, brief: "Print the events up to one", optional: true },
      around: { ...event, brief: "Print what is around an event", optional: true },
      state: {
        kind: "parsed",
        parse: parseStatePlace,
        brief: "Print the state of a machine",
        placeholder: "n2@EVENT",
        optional: true,
      },
      print: {
        kind: "enum",
        values: ["journal"],
        brief: "Print each machine's own audit log",
        optional: true,
      },
      step: {
        kind: "boolean",
        brief: "Walk through the events in the terminal",
        default: false,
        withNegated: false,
      },
      diff: {
        kind: "boolean",
        brief: "Compare two traces",
        default: false,
        withNegated: false,
      },
      html: {
        kind: "parsed",
        parse: String,
        brief: "Write a page for a browser",
        placeholder: "FILE.html",
        optional: true,
      },
      export: {
        kind: "parsed",
        parse: parseExportKind,
        brief: "Write the run for another tool",
        placeholder: "FORMAT",
        optional: true,
      },
      trace: {
        kind: "parsed",
        parse: String,
        brief: "Write the whole trace",
        placeholder: "FILE.jsonl.gz",
        optional: true,
      },
      twice: {
        kind: "boolean",
        brief: "Compare two runs, event by event",
        default: false,
        withNegated: false,
      },
      strict: {
        kind: "boolean",
        brief: "Fail on any violation",
        default: false,
        withNegated: false,
      },
    },
    positional: {
      kind: "array",
      parameter: {
        ...file,
        brief: "Plan, trace, or scenario with --policy and --seed; then OUT",
      },
      minimum: 1,
      maximum: 2,
    },
  },
  loader: () => import("./replay-command.ts"),
});

const shrink = buildCommand<ShrinkFlags, [string], CliContext>({
  docs: {
    brief: "Make a failing plan small, and keep it",
    fullDescription: shrinkHelp.intro,
    customUsage: ["FILE.plan.json [FLAGS]", "FILE.yaml --policy NAME --seed N [FLAGS]"],
  },
  parameters: {
    flags: {
      policy: { ...policy, brief: "Policy of a scenario", optional: true },
      seed: { ...seed, brief: "Seed of a scenario", optional: true },
      invariant: {
        kind: "parsed",
        parse: String,
        brief: "Which failure, if there are several",
        placeholder: "NAME",
        optional: true,
      },
      candidates: {
        kind: "parsed",
        parse: parseRuns,
        brief: "How many plans may be tried; 5000 without it",
        placeholder: "N",
        optional: true,
      },
      timeBudget: {
        kind: "parsed",
        parse: parseTimeBudget,
        brief: "Limit in real time, such as 30s",
        placeholder: "TIME",
        optional: true,
      },
      out: { kind: "parsed", parse: String, brief: "Plan to write", placeholder: "FILE", optional: true },
      save: {
        kind: "parsed",
        parse: parseName,
        brief: "Keep it as a regression",
        placeholder: "NAME",
        optional: true,
      },
      story: {
        kind: "parsed",
        parse: String,
        brief: "What the regression is about",
        placeholder: "TEXT",
        optional: true,
      },
      expect: {
        kind: "enum",
        values: ["fails", "passes"],
        brief: "How the regression has to end",
        optional: true,
      },
      force: { kind: "boolean", brief: "Replace a regression", default: false, withNegated: false },
    },
    positional: {
      kind: "tuple",
      parameters: [{ ...file, brief: "Plan (JSON), or scenario (YAML) with --policy and --seed" }],
    },
  },
  loader: () => import("./shrink-command.ts"),
});

const explain = buildCommand<ExplainFlags, [string], CliContext>({
  docs: {
    brief: "Say why a plan fails",
    fullDescription: explainHelp.intro,
    customUsage: ["FILE.plan.json [FLAGS]", "FILE.yaml --policy NAME --seed N [FLAGS]"],
  },
  parameters: {
    flags: {
      policy: { ...policy, brief: "Policy of a scenario", optional: true },
      seed: { ...seed, brief: "Seed of a scenario", optional: true },
      invariant: {
        kind: "parsed",
        parse: String,
        brief: "Which failure, if there are several",
        placeholder: "NAME",
        optional: true,
      },
      runs: {
        kind: "parsed",
        parse: parseRuns,
        brief: "Runs for each moment; 50 without it",
        placeholder: "N",
        optional: true,
      },
      json: { kind: "boolean", brief: "Print all of it as JSON", default: false, withNegated: false },
    },
    positional: {
      kind: "tuple",
      parameters: [{ ...file, brief: "Plan (JSON), or scenario (YAML) with --policy and --seed" }],
    },
  },
  loader: () => import("./explain-command.ts"),
});

const plan = buildCommand<Required<SeedFlags>, [string], CliContext>({
  docs: {
    brief: "Print the plan that a seed makes of a scenario",
    fullDescription: planHelp.intro,
    customUsage: ["FILE.yaml --policy NAME --seed N"],
  },
  parameters: {
    flags: {
      policy: { ...policy, brief: "Policy that the plan is for" },
      seed: { ...seed, brief: "Seed to draw the plan from" },
    },
    positional: { kind: "tuple", parameters: [{ ...file, brief: "Scenario file or name" }] },
  },
  loader: () => import("./plan-command.ts"),
});

const check = buildCommand<CheckFlags, string[], CliContext>({
  docs: {
    brief: "Check recorded histories, of any system",
    fullDescription: checkHelp.intro,
    customUsage: ["FILE... [--model NAME] [--format NAME] [FLAGS]"],
  },
  parameters: {
    flags: {
      model: {
        kind: "parsed",
        parse: String,
        brief: "Guessed without it",
        placeholder: "NAME",
        optional: true,
      },
      format: {
        kind: "parsed",
        parse: String,
        brief: "Guessed without it",
        placeholder: "NAME",
        optional: true,
      },
      initial: {
        kind: "parsed",
        parse: String,
        brief: "What is there first",
        placeholder: "JSON",
        optional: true,
      },
      nil: {
        kind: "enum",
        values: ["absent", "unknown"],
        brief: "What a read of nil says",
        optional: true,
      },
      failedCas: {
        kind: "enum",
        values: ["mismatch", "ignored"],
        brief: "What a failed cas says",
        optional: true,
      },
      misses: {
        kind: "enum",
        values: ["strict", "evictable", "uninformative"],
        brief: "What a miss says",
        optional: true,
      },
      skew: {
        kind: "parsed",
        parse: parseMillis,
        brief: "Band of the clocks",
        placeholder: "MS",
        optional: true,
      },
      steps: {
        kind: "parsed",
        parse: parseSteps,
        brief: "Budget of a search",
        placeholder: "N",
        optional: true,
      },
      json: { kind: "boolean", brief: "Print JSON", default: false, withNegated: false },
    },
    positional: {
      kind: "array",
      parameter: { parse: String, placeholder: "FILE", brief: "History, folder, or - for standard input" },
    },
  },
  loader: () => import("./check-command.ts"),
});

const list = buildCommand<ListFlags, [], CliContext>({
  docs: { brief: "Show scenarios, policies, faults and invariants", fullDescription: listHelp.intro },
  parameters: {
    flags: {
      policy: { ...policy, brief: "Policy file to show as well; repeatable", variadic: true, optional: true },
    },
  },
  loader: () => import("./list-command.ts"),
});

const init = buildRouteMap({
  routes: {
    policy: buildCommand<object, [string], CliContext>({
      docs: {
        brief: "Write a policy of your own, to go on from",
        fullDescription: initHelp.intro,
        customUsage: ["NAME"],
      },
      parameters: {
        positional: {
          kind: "tuple",
          parameters: [{ parse: String, placeholder: "NAME", brief: "Small letters, digits and '-'" }],
        },
      },
      loader: () => import("./init-policy-command.ts"),
    }),
  },
  docs: { brief: "Write a file to go on from", fullDescription: initHelp.intro },
});

const root = buildRouteMap({
  routes: { run, replay, shrink, explain, plan, check, list, init },
  docs: { brief: "Deterministic fault simulation of a distributed cache", fullDescription: rootHelp.intro },
});

/** Every page of help ends with examples, and with the exit codes where there are several. */
const outros: Readonly<Record<string, HelpText>> = {
  run: runHelp,
  replay: replayHelp,
  shrink: shrinkHelp,
  explain: explainHelp,
  plan: planHelp,
  check: checkHelp,
  list: listHelp,
  init: initHelp,
};

const configuration: PartialApplicationConfiguration = {
  name: "cache-sim",
  scanner: { caseStyle: "allow-kebab-for-camel", allowArgumentEscapeSequence: true },
  localization: { text: wording() },
};

export const app: Application<CliContext> = buildApplication(root, configuration, {
  help: helpWithOutro(),
  version: version({ brief: "Print the version", info: { getCurrentVersion: readVersion } }),
});

function helpWithOutro(): StricliIntegration<CliContext> {
  const { flag } = help<CliContext>({
    brief: "Print this page",
    defaultForRouteMap: true,
    formatting: {
      caseStyle: "convert-camel-to-kebab",
      useAliasInUsageLine: false,
      onlyRequiredInUsageLine: true,
    },
  });
  if (flag === undefined) throw new Error("the argument parser has no help");
  return {
    flag: {
      ...flag,
      async run(application, args) {
        await flag.run.call(this, application, args);
        const [, command = ""] = args.result.prefix;
        const { outro } = outros[command] ?? rootHelp;
        if (outro !== "") this.process.stdout.write(`\n${outro}\n`);
      },
    },
  };
}

/** One line for each mistake, with the way out at its end. */
function wording(): ApplicationText {
  return {
    ...text_en,
    briefs: { ...text_en.briefs, argumentEscapeSequence: "End of the flags" },
    noCommandRegisteredForInput({ input, corrections }) {
      const meant = didYouMean(
        input,
        corrections.map((name) => name.replaceAll("`", "")),
      );
      return `no command is called ${JSON.stringify(input)} (cache-sim --help shows them all)${meant}`;
    },
    exceptionWhileParsingArguments(error) {
      if (!(error instanceof ArgumentScannerError)) return String(error);
      return formatMessageForArgumentScannerError(error, {
        FlagNotFoundError: ({ input, corrections }) =>
          `no flag is called --${input}${didYouMean(input, corrections).replace('"', '"--')}`,
        EnumValidationError: ({ externalFlagName, input, values }) =>
          `--${externalFlagName}: expected ${alternatives(values)}, got ${JSON.stringify(input)}` +
          didYouMean(input, values),
        ArgumentParseError: ({ externalFlagNameOrPlaceholder, input, exception }) =>
          `--${externalFlagNameOrPlaceholder} ${JSON.stringify(input)}: ${(exception as Error).message}`,
      });
    },
  };
}
