import { buildCommand, buildRouteMap } from "@stricli/core";
import { type CiServer, ciServers } from "../ci-templates.ts";
import type { InitCiFlags } from "../commands/init-ci-command.ts";
import type { CliContext } from "../context.ts";
import type { HelpText } from "../help-text.ts";
import { alternatives, didYouMean } from "../../run/suggest.ts";

export const initHelp: HelpText = {
  intro: `Writes a policy, an invariant or a whole system of your own into NAME.ts in the
current folder: one that works, to go on from. Every command that takes --policy,
--invariant or --system takes its path, and the whole of it is that one file
(TypeScript with Node 22.18 or later, or JavaScript).

A policy that loops without waiting stops its worker thread: nothing in that
thread can interrupt it, so end the command with Ctrl-C, twice. One that
schedules work without end ends its run with an error.

For a build server (ci github, ci gitlab) it writes the jobs that run thousands
of seeds on every pull request, on several machines, and fresh ones at night.`,
  outro: `EXAMPLES
  cache-sim init policy my-policy
  cache-sim run calm --policy ./my-policy.ts
  cache-sim list --policy ./my-policy.ts
  cache-sim init invariant my-invariant
  cache-sim run partition-heal --invariant ./my-invariant.ts
  cache-sim init system my-system
  cache-sim run calm --system ./my-system.ts
  cache-sim init ci github`,
};

function parseServer(input: string): CiServer {
  const server = ciServers.find((each) => each === input);
  if (server === undefined) {
    throw new Error(`expected ${alternatives(ciServers)}${didYouMean(input, ciServers)}`);
  }
  return server;
}

export const init = buildRouteMap({
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
      loader: () => import("../commands/init-policy-command.ts"),
    }),
    invariant: buildCommand<object, [string], CliContext>({
      docs: {
        brief: "Write an invariant of your own, to go on from",
        fullDescription: initHelp.intro,
        customUsage: ["NAME"],
      },
      parameters: {
        positional: {
          kind: "tuple",
          parameters: [{ parse: String, placeholder: "NAME", brief: "Small letters, digits and '-'" }],
        },
      },
      loader: () => import("../commands/init-invariant-command.ts"),
    }),
    system: buildCommand<object, [string], CliContext>({
      docs: {
        brief: "Write a system of your own, to go on from",
        fullDescription: initHelp.intro,
        customUsage: ["NAME"],
      },
      parameters: {
        positional: {
          kind: "tuple",
          parameters: [{ parse: String, placeholder: "NAME", brief: "Small letters, digits and '-'" }],
        },
      },
      loader: () => import("../commands/init-system-command.ts"),
    }),
    ci: buildCommand<InitCiFlags, [CiServer], CliContext>({
      docs: {
        brief: "Write the jobs of a build server",
        fullDescription: initHelp.intro,
        customUsage: ["github|gitlab [--force]"],
      },
      parameters: {
        flags: {
          force: {
            kind: "boolean",
            brief: "Replace what is there",
            default: false,
            withNegated: false,
          },
        },
        positional: {
          kind: "tuple",
          parameters: [{ parse: parseServer, placeholder: "SERVER", brief: alternatives(ciServers) }],
        },
      },
      loader: () => import("../commands/init-ci-command.ts"),
    }),
  },
  docs: { brief: "Write a file to go on from", fullDescription: initHelp.intro },
});
