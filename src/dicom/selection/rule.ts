import type { Config } from "../../config.ts";
import type { NotAnalysedReason } from "../../contract/study-state.ts";
import type { SeriesFacts } from "./facts.ts";

export type SelectionSettings = Config["selection"];

/** A rule looks at one series and answers why it applies, or undefined when it does not. */
type Judge = (series: SeriesFacts, settings: SelectionSettings) => string | undefined;

/** A series to which one of these applies is not read. */
export interface Exclusion {
  excludes: NotAnalysedReason;
  /** A head that is left out by nothing but these should have been read: that it was not is said. */
  losesHead?: true;
  applies: Judge;
}

/** Points for a series that may be read; of the reconstructions of one scan the one with the most points is. */
export interface Merit {
  points: number;
  /** Read only in a study that has nothing better, whichever scan it comes from. */
  lastResort?: true;
  applies: Judge;
}

/** For the sentences of the rules. */
export const mm = (length: number) => `${Number(length.toFixed(2))} mm`;
export const images = (count: number) => (count === 1 ? "1 image" : `${count} images`);

export const within = (value: number | null, from: number, below: number): value is number =>
  value !== null && value >= from && value < below;
export const atLeast = (value: number | null, from: number): value is number => value !== null && value >= from;

/** The series description or the value of Image Type in which `names` finds its word. */
export function naming({ header }: SeriesFacts, names: (text: string) => boolean): string | undefined {
  return [header.seriesDescription, ...header.imageType.slice(1)].find(names)?.trim();
}

export function said(what: string, text: string | undefined): string | undefined {
  return text === undefined ? undefined : `${what}: "${text}"`;
}
