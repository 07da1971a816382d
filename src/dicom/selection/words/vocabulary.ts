/**
 * Words by which hospitals name what a series shows, in one language. Words are separated by blanks; one ending in `*`
 * is a stem, `_` stands for a blank or a hyphen inside a phrase. Case and accents do not count.
 */
export interface Vocabulary {
  head: string;
  /** Other regions. */
  other: string;
  /** Parts of the head that show too little of the brain: face, sinuses, orbits, ears, teeth. */
  face?: string;
  /** Contrast agents and their injection: what can be negated ("sans injection"). */
  contrast?: string;
  /** Examinations and phases that need an agent (angiography, perfusion, "venous"). */
  angiography?: string;
  /** Words that say by themselves that no agent was given. */
  native?: string;
  /** "without", "no" … before what was not given. */
  without?: string;
  /** The same behind it: "kontraszt nélkül", "造影なし". */
  withoutBehind?: string;
  /** "before" the agent. */
  before?: string;
  /** "with", for "with and without" only. */
  with?: string;
  localizer?: string;
  /** Projections and renderings of a volume: no HU of one place. */
  projection?: string;
  /** Images of text or of a screen. */
  capture?: string;
  /** Series that watch the agent arrive. */
  bolusTiming?: string;
  /** CT that guides a needle. */
  intervention?: string;
  bone?: string;
  soft?: string;
}
