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
       partial; shrinking gives the best so far; a second Ctrl-C ends at once`;

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
replays it. The plans of violating seeds are written to the reports folder,
with --html each with a page beside it that shows the run in a browser.

A row is clean, expected (broken is only what the policy does not promise) or
FAILED. Some of the seeds are run twice: a run that is not the same the second
time is a failure of its own.`,
  outro: `EXAMPLES
  cache-sim run
  cache-sim run partition-heal ttl-expiry --seeds 1..1000
  cache-sim run my-scenarios/ --policy abd --strict --workers 8
  cache-sim run partition-heal --policy abd --seeds 1..500 --shrink
  cache-sim run partition-heal --html

${EXIT_CODES}`,
};

export const replayHelp: HelpText = {
  intro: `Runs one plan again with everything recorded, and prints what it does, the
hash of its trace, each violation with the operations that prove it, and the
events around the first one. The same plan prints the same text on every
machine. With --twice it is run twice more and compared, which finds a system
that is not deterministic, and the first event in which that shows.

With --until, --around, --state or --print it prints that part of the run in
place of the whole report. A trace file is run again from the plan in it, and
must come out the same.

FORMATS of --export
  perfetto  for ui.perfetto.dev and chrome://tracing
  shiviz    for ShiViz: events with vector clocks
  mermaid   a sequence diagram of what is around the violation
  otlp      OpenTelemetry spans, in JSON
  jsonl     the trace, unpacked
  edn       what the clients saw, for Knossos and Jepsen
  jepsen    the same as a log of Jepsen's
  history   the same with all that we know, one operation a line`,
  outro: `EXAMPLES
  cache-sim replay scenarios/partition-heal.yaml --policy seed --seed 17
  cache-sim replay my.plan.json --html run.html
  cache-sim replay my.plan.json --step
  cache-sim replay my.plan.json --around 251 --state n3@251
  cache-sim replay my.plan.json --export perfetto run.json
  cache-sim replay --diff before.jsonl.gz after.jsonl.gz
  cache-sim replay reports/partition-heal-seed-17.plan.json --log all
  cache-sim replay partition-heal --policy seed --seed 17 --trace t.jsonl.gz
  cache-sim replay my.plan.json --log none --twice
  cache-sim replay my.plan.json --export edn h.edn
  cache-sim check h.edn

${EXIT_CODES}`,
};

export const shrinkHelp: HelpText = {
  intro: `Makes a failing plan small: leaves out operations, faults, machines and choices
as long as it fails in the same way, then makes times and strengths round. The
same way means: the same invariant, under the same policy, proved by the same
kinds of operations with the same kinds of results. Nothing is done that might
turn the plan into one that no correct system survives.

The same plan and the same --candidates give the same result. The plan and the
result are run twice before they are believed. With --save the result is kept
in scenarios/regressions/, where cache-sim run replays it: with the expectation
"fails" for what the policy does not promise, "passes" for what it does.`,
  outro: `EXAMPLES
  cache-sim shrink scenarios/partition-heal.yaml --policy seed --seed 17
  cache-sim shrink calm --policy seed --seed 1 --invariant linearizable
  cache-sim shrink my.plan.json --time-budget 30s --out small.plan.json
  cache-sim shrink my.plan.json --save lost-update --story "Two sets, one lost."

${EXIT_CODES}`,
};

export const explainHelp: HelpText = {
  intro: `Says why a plan fails, in three ways: what led to the violation, step by step,
with the event of the trace that shows each step; when it was decided, which is
found by keeping all choices until some moment and drawing the later ones anew,
many times; and which operations and faults it cannot do without, one at a time.

Shrink the plan first: what is left out needs no explanation.`,
  outro: `EXAMPLES
  cache-sim explain reports/partition-heal-seed-1.shrunk.plan.json
  cache-sim explain partition-heal --policy seed --seed 1 --runs 100
  cache-sim explain my.plan.json --json

${EXIT_CODES}`,
};

export const planHelp: HelpText = {
  intro: `Prints the plan that a seed makes of a scenario: JSON with one operation or
fault a line, to edit and replay.`,
  outro: `EXAMPLES
  cache-sim plan partition-heal --policy seed --seed 17 > my.plan.json
  cache-sim replay my.plan.json`,
};

export const checkHelp: HelpText = {
  intro: `Checks whether recorded histories, of any system, are linearizable. Each key
is an object of its own. A register whose written values are unique is judged
exactly in O(n log n); everything else by a search that counts its steps, so
that a verdict is the same on every machine.

A violation comes with its certificate: the operations that cannot all be
right. What was not decided within the budget is unknown, and not a pass.

FORMATS
  jsonl      one operation a line, as replay --export history writes it
  jepsen     the log of Jepsen: a read of nil found nothing, a failed cas found
             another value
  edn        of Knossos and Jepsen: a read of nil says nothing, nor does a
             failed cas; a cas-register begins with 0
  porcupine  EDN with get, put and append

MODELS
  register (read, write, delete), cas-register (with cas [old new]), kv (get,
  put, append, delete), counter (add, inc, dec, read), set (add, remove,
  contains, read), queue (enqueue, dequeue), lock (acquire, release)

A folder with a table verdicts.tsv (a line file<tab>linearizable, then a line
with true or false for each history) is checked as that table says; of another
folder, what is called .jsonl, .log, .edn or .txt.`,
  outro: `EXAMPLES
  cache-sim check history.edn --model cas-register
  cache-sim check results/ --json
  gunzip -c history.jsonl.gz | cache-sim check - --format jsonl

EXIT CODES
  0    linearizable; of a table: all as it says
  1    a violation; of a table: a verdict that is not as it says
  2    bad usage, or a history that cannot be read, and no violation
  3    not decided within the budget, and none of the above`,
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
