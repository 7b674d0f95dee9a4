import {
  type Application,
  type ApplicationText,
  ArgumentScannerError,
  buildApplication,
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
import { EXIT_CODES, type HelpText } from "./help-text.ts";
import { bugs, bugsHelp } from "./routes/bugs.ts";
import { check, checkHelp } from "./routes/check.ts";
import { explain, explainHelp } from "./routes/explain.ts";
import { explore, exploreHelp } from "./routes/explore.ts";
import { init, initHelp } from "./routes/init.ts";
import { list, listHelp } from "./routes/list.ts";
import { merge, mergeHelp } from "./routes/merge.ts";
import { plan, planHelp } from "./routes/plan.ts";
import { replay, replayHelp } from "./routes/replay.ts";
import { run, runHelp } from "./routes/run.ts";
import { shrink, shrinkHelp } from "./routes/shrink.ts";
import { validate, validateHelp } from "./routes/validate.ts";
import { readVersion } from "./version.ts";

/**
 * The command line: what may be given, and nothing of what is done with it. Commands are loaded when they are
 * run, so that help and mistakes are answered at once.
 */

const rootHelp: HelpText = {
  intro: `Runs a distributed cache, unchanged, over a simulated network with a simulated
clock; breaks the network, the machines and the clocks as a seed says; checks
what the clients saw; and replays every failure exactly.

A scenario (YAML) says what may happen. A seed makes a plan of it, which says
what does happen. Running a plan always has the same outcome, so a scenario, a
policy and a seed are all that a bug report needs.

A policy declares what it promises. Breaking a promise is a failure. Breaking
anything else is a measurement, and shown as expected.`,
  outro: `EXAMPLES
  cache-sim run
      Every scenario in scenarios/ under the usual policies, beside each other.
  cache-sim run scenarios/partition-heal.yaml --policy abd --seeds 1..2000
      One scenario and policy, with many seeds.
  cache-sim replay scenarios/partition-heal.yaml --policy seed --seed 17
      One of those runs again, with everything that happened in it.
  cache-sim plan partition-heal --policy seed --seed 17 > my.plan.json
  cache-sim replay my.plan.json
      The same, edited by hand in between.

${EXIT_CODES}

ENVIRONMENT
  NO_COLOR, FORCE_COLOR   no colours, or colours even where there is no terminal
  COLUMNS                 width of the output where there is no terminal`,
};

const root = buildRouteMap({
  routes: { run, merge, replay, shrink, explain, explore, bugs, check, validate, plan, list, init },
  docs: { brief: "Deterministic fault simulation of a distributed cache", fullDescription: rootHelp.intro },
});

/** Every page of help ends with examples, and with the exit codes where there are several. */
const outros: Readonly<Record<string, HelpText>> = {
  run: runHelp,
  merge: mergeHelp,
  replay: replayHelp,
  shrink: shrinkHelp,
  explain: explainHelp,
  plan: planHelp,
  explore: exploreHelp,
  check: checkHelp,
  validate: validateHelp,
  list: listHelp,
  bugs: bugsHelp,
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
