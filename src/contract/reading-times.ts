/** How long "being read by" lasts without being repeated. A file of its own, without zod, so that the viewer can use it too. */
export const READING_LASTS_S = 90;

/** How often a viewer repeats it. */
export const READING_REPEATED_S = 30;
