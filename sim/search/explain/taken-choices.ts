import { choiceIdentity, type Chooser } from "../../kernel/choices.ts";

/** A choice that a run took. */
export interface TakenChoice {
  /** The name by which a plan sets it by hand. */
  readonly identity: string;
  /** Where it was taken, such as `net/n1>n2/delay`. */
  readonly site: string;
  /** The operation or background work that it belongs to. */
  readonly activity: string;
  readonly quantile: number;
  readonly timeUs: number;
  /** How many events had been recorded by then: the one before is what it was taken for, mostly. */
  readonly eventCount: number;
}

type WrapChooser = (usual: Chooser, nowUs: () => number) => Chooser;

/** Notes every choice of a run in `taken`, in their order. */
export function notingChoices(taken: TakenChoice[], eventCount: () => number): WrapChooser {
  return (usual, nowUs) => ({
    quantile(site, cause, ordinal) {
      const quantile = usual.quantile(site, cause, ordinal);
      taken.push({
        identity: choiceIdentity(site, cause, ordinal),
        site: site.label,
        activity: cause.label,
        quantile,
        timeUs: nowUs(),
        eventCount: eventCount(),
      });
      return quantile;
    },
  });
}

/** The first so many choices of a run as they were, and others from then on. */
export function redrawnAfter(choiceCount: number, others: Chooser): WrapChooser {
  let taken = 0;
  return (usual) => ({
    quantile: (site, cause, ordinal) =>
      (taken++ < choiceCount ? usual : others).quantile(site, cause, ordinal),
  });
}
