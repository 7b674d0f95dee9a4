/** The pages of the manual: what `--help` says before and after the lists of flags and commands. */
export interface HelpText {
  readonly intro: string;
  readonly outro: string;
}

const EXIT_CODES = `EXIT CODES
  0    no unexpected violation
  1    an unexpected violation, a run that could not end or is not deterministic
  2    bad usage, or a bad scenario or plan: every problem is printed on a line,
       nothing is run, nothing is written
  130  interrupted by Ctrl-C: what a campaign found so far is printed, marked
       partial; a second Ctrl-C ends at once`;

export const rootHelp: HelpText = {
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

export const runHelp: HelpText = {
  intro: `Runs each scenario under each policy with each seed, and prints a row for each
pair as it finishes; then every distinct violation with the command that
replays it. The plans of violating seeds are written to the reports folder.

A row is clean, expected (broken is only what the policy does not promise) or
FAILED. Some of the seeds are run twice: a run that is not the same the second
time is a failure of its own.`,
  outro: `EXAMPLES
  cache-sim run
  cache-sim run partition-heal ttl-expiry --seeds 1..1000
  cache-sim run my-scenarios/ --policy abd --strict --workers 8

${EXIT_CODES}`,
};

export const replayHelp: HelpText = {
  intro: `Runs one plan again with everything recorded, and prints what it does, the
hash of its trace, each violation with the operations that prove it, and the
events around the first one. The same plan prints the same text on every
machine. With --twice it is run twice more and compared, which finds a system
that is not deterministic, and the first event in which that shows.`,
  outro: `EXAMPLES
  cache-sim replay scenarios/partition-heal.yaml --policy seed --seed 17
  cache-sim replay reports/partition-heal-seed-17.plan.json --log all
  cache-sim replay partition-heal --policy seed --seed 17 --trace t.jsonl.gz
  cache-sim replay my.plan.json --log none --twice

${EXIT_CODES}`,
};

export const planHelp: HelpText = {
  intro: `Prints the plan that a seed makes of a scenario: JSON with one operation or
fault a line, to edit and replay.`,
  outro: `EXAMPLES
  cache-sim plan partition-heal --policy seed --seed 17 > my.plan.json
  cache-sim replay my.plan.json`,
};

export const listHelp: HelpText = {
  intro: `Shows the scenarios of the folder scenarios/ (or those that come with cache-
sim, where there is none), the policies and what they promise, the kinds of
fault, and the invariants.`,
  outro: "",
};

export const initHelp: HelpText = {
  intro: `Writes a policy of your own into NAME.ts in the current folder: one that works,
to go on from. Every command that takes --policy takes its path, and the whole
policy is that one file (TypeScript with Node 22.18 or later, or JavaScript).

A policy that loops without waiting stops its worker thread: nothing in that
thread can interrupt it, so end the command with Ctrl-C, twice. One that
schedules work without end ends its run with an error.`,
  outro: `EXAMPLES
  cache-sim init policy my-policy
  cache-sim run calm --policy ./my-policy.ts
  cache-sim list --policy ./my-policy.ts`,
};
