import { readFile } from "node:fs/promises";
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
import type { CliContext } from "./context.ts";
import { type HelpText, initHelp, listHelp, planHelp, replayHelp, rootHelp, runHelp } from "./help-text.ts";
import type { ListFlags } from "./list-command.ts";
import { parseSeed, parseSeeds } from "./parse-seeds.ts";
import { parseWorkers } from "./parse-workers.ts";
import type { ReplayFlags } from "./replay-command.ts";
import type { RunFlags } from "./run-command.ts";
import type { SeedFlags } from "./load-replayable.ts";

/**
 * The command line: what may be given, and nothing of what is done with it. Commands are loaded when they are
 * run, so that help and mistakes are answered at once.
 */

/** Chosen so that the first row is there in two seconds, and the default campaign is over in some ten. */
const SEEDS_USUAL = "1..20";

const file = { parse: String, placeholder: "FILE" };
const policy = { kind: "parsed", parse: String, placeholder: "NAME" } as const;
const seed = { kind: "parsed", parse: parseSeed, placeholder: "N" } as const;

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
      reports: {
        kind: "parsed",
        parse: String,
        brief: "Folder for plans",
        placeholder: "DIR",
        default: "reports",
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

const replay = buildCommand<ReplayFlags, [string], CliContext>({
  docs: {
    brief: "Run one plan again and show what happened",
    fullDescription: replayHelp.intro,
    customUsage: ["FILE.plan.json [FLAGS]", "FILE.yaml --policy NAME --seed N [FLAGS]"],
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
      kind: "tuple",
      parameters: [{ ...file, brief: "Plan (JSON), or scenario (YAML) with --policy and --seed" }],
    },
  },
  loader: () => import("./replay-command.ts"),
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
  routes: { run, replay, plan, list, init },
  docs: { brief: "Deterministic fault simulation of a distributed cache", fullDescription: rootHelp.intro },
});

/** Every page of help ends with examples, and with the exit codes where there are several. */
const outros: Readonly<Record<string, HelpText>> = {
  run: runHelp,
  replay: replayHelp,
  plan: planHelp,
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

async function readVersion(): Promise<string> {
  const text = await readFile(new URL("../../../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
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
