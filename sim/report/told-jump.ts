import type { Plan } from "../run/plan.ts";
import type { Tell } from "../run/system.ts";
import type { FailureOdds, Jump, NoReturn } from "../search/explain/no-return.ts";
import type { StoryStep } from "../search/explain/causal-past.ts";
import type { TakenChoice } from "../search/explain/taken-choices.ts";
import { tellStep } from "./told-story.ts";
import { instant, percent } from "./units.ts";

/** Of more choices a reader learns no more. */
const CHOICES_TOLD_MAX = 3;

/** What decided that the run fails, in a sentence or two. */
export function tellDecision(
  { noReturn, jumpEvent, plan }: { noReturn: NoReturn; jumpEvent: StoryStep | null; plan: Plan },
  tell: Tell,
): string {
  const { odds, jump } = noReturn;
  if (jump !== null) return jumpText(jump, jumpEvent, plan, tell);
  if (odds.length <= 1) return "The run takes no choices: its operations and faults alone decide it.";
  const shares = odds.map(shareOf);
  return Math.max(...shares) - Math.min(...shares) > 0.2
    ? "No single moment decides it: the odds change little by little."
    : "No single choice decides it: whatever is drawn, the odds stay about the same.";
}

function jumpText(
  { atUs, before, after, choices, decisive }: Jump,
  jumpEvent: StoryStep | null,
  plan: Plan,
  tell: Tell,
): string {
  const odds = `The odds go from ${percent(shareOf(before))} to ${percent(shareOf(after))} at ${instant(atUs)} ms`;
  if (decisive === null) {
    const shown = choices.slice(0, CHOICES_TOLD_MAX).map(({ identity }) => identity);
    const more = choices.length - shown.length;
    const names = `${shown.join("; ")}${more > 0 ? `; and ${more} more` : ""}`;
    return `${odds}, with several of the choices of that moment together: ${names}.`;
  }
  const { identity, quantile } = decisive;
  const what = whatIsChosen(decisive);
  const step = jumpEvent === null ? null : tellStep(jumpEvent, plan, tell);
  const where = jumpEvent === null ? "" : `, #${jumpEvent.event}${step === null ? "" : `: ${step}`}`;
  return (
    `${odds}, with one choice: ${what}${where}. ` +
    `Here "${identity}" was ${Math.round(quantile * 1000) / 1000}; a plan may set it by hand, under choices.`
  );
}

/** What a choice of the world is about, by the name of its place; see `sim/world`. */
const SUBJECTS: readonly (readonly [place: RegExp, subject: (...names: string[]) => string])[] = [
  [/^net\/(.+)>(.+)\/loss$/, (from, to) => `whether a message from ${from} to ${to} is lost`],
  [/^net\/(.+)>(.+)\/delay$/, (from, to) => `how long a message from ${from} to ${to} takes`],
  [/^net\/(.+)>(.+)\/reorder$/, (from, to) => `whether a message from ${from} to ${to} may overtake others`],
  [/^net\/(.+)>(.+)\/duplicate$/, (from, to) => `whether a message from ${from} to ${to} comes twice`],
  [/^net\/(.+)>(.+)\/copy-delay$/, (from, to) => `how long a second copy from ${from} to ${to} takes`],
  [/^net\/(.+)>(.+)\/reset$/, (from, to) => `when ${to} learns that ${from} is down`],
  [/^net\/(.+)>(.+)\/corrupt$/, (from, to) => `whether a message from ${from} to ${to} is damaged`],
  [/^net\/(.+)>(.+)\/corrupt-/, (from, to) => `how a message from ${from} to ${to} is damaged`],
  [/^net\/near$/, () => "which machine is near"],
  [/^random\/(.+)$/, (machine) => `a random number that ${machine} draws for itself`],
  [/^kill\/(.+)$/, (machine) => `which process of ${machine} fails`],
  [/^detour\/([^/]+)\/(.+)$/, (machine, detour) => `whether ${machine} takes the detour ${detour}`],
  [/^disk\/(.+)\/latency$/, (machine) => `how long the disk of ${machine} takes`],
  [/^disk\/(.+)\/failure$/, (machine) => `whether the disk of ${machine} fails`],
  [/^disk\/(.+)\/(?:loss|replaced|power)$/, (machine) => `what a crash leaves on the disk of ${machine}`],
  [/^disk\/(.+)\/rot$/, (machine) => `which bit on the disk of ${machine} flips`],
];

function whatIsChosen({ site }: TakenChoice): string {
  for (const [place, subject] of SUBJECTS) {
    const names = place.exec(site);
    if (names !== null) return subject(...names.slice(1));
  }
  return site;
}

function shareOf({ failures, runs }: FailureOdds): number {
  return Math.round((failures / Math.max(1, runs)) * 100) / 100;
}
