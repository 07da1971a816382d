import type { Config } from "../../config.ts";
import type { NotAnalysedReason } from "../../contract/study-state.ts";
import { SOP_CLASS } from "../uids.ts";
import type { SeriesFacts } from "./facts.ts";
import { contrastIn, namesDerivedView, namesLocalizer } from "./words.ts";

export type SelectionSettings = Config["selection"];

/** A rule looks at one series and answers why it applies, or undefined when it does not. */
type Judge = (series: SeriesFacts, settings: SelectionSettings) => string | undefined;

/** A series to which one of these applies is not read. */
export interface ExclusionRule {
  reason: NotAnalysedReason;
  applies: Judge;
}

/** Points for a series that may be read; the series with the most points is. */
export interface RankingRule {
  points: number;
  applies: Judge;
}

/** CT, Enhanced CT and Legacy Converted Enhanced CT Image Storage. All that Vigil writes is of another class. */
const CT_IMAGE_CLASSES = new Set<string>([
  SOP_CLASS.ctImage,
  SOP_CLASS.enhancedCtImage,
  SOP_CLASS.legacyConvertedEnhancedCtImage,
]);

const NO_AGENT = /^\W*$|^(no|none|non|nil|without|w\/?o|ohne|sans|n\/?a|native?)\b/i;
const MIN_AXIAL_SHARE = 0.75;
const MAX_REPEATED_SHARE = 0.25;
const WIDE_FIELD_OF_VIEW_MM = 400;
const WHOLE_HEAD_MM = 120;

/**
 * In order from the most general to the most particular: a study in which nothing can be read takes the reason of the
 * series that came furthest.
 */
export const EXCLUSION_RULES: ExclusionRule[] = [
  {
    reason: "no-ct",
    applies: ({ header }) =>
      header.modality === "CT" ? undefined : `modality is ${header.modality || "missing"}, not CT`,
  },
  {
    reason: "derived-only",
    applies: ({ header }) => (CT_IMAGE_CLASSES.has(header.sopClassUid) ? undefined : "not stored as CT images"),
  },
  {
    reason: "no-axial",
    applies: ({ header }) => {
      if (header.imageType.some(namesLocalizer)) return "localizer by its image type";
      return namesLocalizer(header.seriesDescription) ? "localizer by its description" : undefined;
    },
  },
  {
    reason: "derived-only",
    applies: ({ header }) => {
      const view = header.imageType.slice(1).find(namesDerivedView);
      if (view !== undefined) return `derived view (image type ${view})`;
      return namesDerivedView(header.seriesDescription) ? "derived view by its description" : undefined;
    },
  },
  {
    reason: "geometry-unusable",
    applies: ({ locatedShare }) =>
      locatedShare < MIN_AXIAL_SHARE ? "images without position or orientation" : undefined,
  },
  {
    reason: "no-axial",
    applies: ({ axialShare }) => (axialShare < MIN_AXIAL_SHARE ? "not axial" : undefined),
  },
  {
    reason: "too-few-slices",
    applies: ({ images }, { minSlices }) =>
      images < minSlices ? `${images} images, fewer than ${minSlices}` : undefined,
  },
  {
    reason: "geometry-unusable",
    applies: ({ images }, { maxSlices }) =>
      images > maxSlices ? `${images} images, more than ${maxSlices}` : undefined,
  },
  {
    reason: "no-head",
    applies: ({ region: { region, from } }) => {
      if (region === "head") return undefined;
      return region === "other" ? `not the head by its ${from}` : "nothing says that this is a head";
    },
  },
  {
    reason: "contrast-only",
    applies: ({ header }) => {
      if (header.imageType.some((value) => contrastIn(value) === true))
        return "angiography or perfusion by its image type";
      const described = contrastIn(header.seriesDescription);
      if (described === true) return "with contrast by its description";
      const hasAgent = !NO_AGENT.test(header.contrastBolusAgent);
      return hasAgent && described === undefined ? "with contrast (an agent is named)" : undefined;
    },
  },
  {
    // Also where it is the only one: its noise and overshoot hide and imitate blood, and no model here has learnt on it.
    reason: "bone-kernel-only",
    applies: ({ kernel, header }) => (kernel === "bone" ? `bone kernel ${header.convolutionKernel}`.trim() : undefined),
  },
  {
    reason: "geometry-unusable",
    applies: ({ repeatedShare }) =>
      repeatedShare > MAX_REPEATED_SHARE ? "several images in the same place (phases?)" : undefined,
  },
  {
    reason: "pixels-unsupported",
    applies: ({ header }) => (header.numberOfFrames > 1 ? "multi-frame images cannot be read yet" : undefined),
  },
];

export const RANKING_RULES: RankingRule[] = [
  {
    points: 30,
    applies: ({ kernel, header }) => (kernel === "soft" ? `soft-tissue kernel ${header.convolutionKernel}` : undefined),
  },
  {
    points: 20,
    applies: ({ thicknessMm }, { preferredThicknessMm: [from, to] }) =>
      thicknessMm !== null && thicknessMm >= from && thicknessMm <= to
        ? `thickness ${thicknessMm} mm, within ${from}-${to} mm`
        : undefined,
  },
  {
    points: -10,
    applies: ({ thicknessMm }, { preferredThicknessMm: [, to] }) =>
      thicknessMm !== null && thicknessMm > to ? `thickness ${thicknessMm} mm, above ${to} mm` : undefined,
  },
  {
    points: 20,
    applies: ({ coverageMm }) =>
      coverageMm !== null && coverageMm >= WHOLE_HEAD_MM ? `covers ${coverageMm.toFixed(0)} mm` : undefined,
  },
  {
    points: -20,
    applies: ({ coverageMm }) =>
      coverageMm !== null && coverageMm < WHOLE_HEAD_MM ? `covers only ${coverageMm.toFixed(0)} mm` : undefined,
  },
  {
    points: 10,
    applies: ({ region: { from } }) => (from === "field of view" ? undefined : `head by its ${from}`),
  },
  {
    points: 0,
    applies: ({ region: { from } }) => (from === "field of view" ? "head by its field of view" : undefined),
  },
  {
    points: 10,
    applies: ({ header }) =>
      contrastIn(header.seriesDescription) === false ? "without contrast by its description" : undefined,
  },
  {
    points: 5,
    applies: ({ header }) => (header.imageType[0] === "ORIGINAL" ? "original images" : undefined),
  },
  {
    points: -10,
    applies: ({ fieldOfViewMm }) =>
      fieldOfViewMm !== null && fieldOfViewMm > WIDE_FIELD_OF_VIEW_MM
        ? `wide field of view (${fieldOfViewMm.toFixed(0)} mm)`
        : undefined,
  },
];
