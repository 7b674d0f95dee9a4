/** The pages of the manual: what `--help` says before and after the lists of flags and commands. */
export interface HelpText {
  readonly intro: string;
  readonly outro: string;
}

export const EXIT_CODES = `EXIT CODES
  0    no unexpected violation
  1    an unexpected violation, a run that could not end or is not deterministic
  2    bad usage, or a bad scenario or plan: every problem is printed on a line,
       nothing is run, nothing is written
  130  interrupted by Ctrl-C (143: by SIGTERM): what a campaign found so far is
       printed, marked partial; shrinking gives the best so far; a second one
       ends at once`;
