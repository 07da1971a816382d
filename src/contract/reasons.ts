import type { NotAnalysedReason } from "./study-state.ts";

/** The sentence for each reason. A file of its own, without zod, so that the viewer can use it too. */
export const REASON_TEXT: Record<NotAnalysedReason, string> = {
  "no-ct": "no CT series",
  "no-head": "no head CT series",
  "no-axial": "no axial series",
  "contrast-only": "contrast series only",
  "bone-kernel-only": "bone kernel only",
  "derived-only": "derived images only",
  "too-few-slices": "too few slices",
  "geometry-unusable": "slice geometry unusable",
  "pixels-unsupported": "pixel data cannot be decoded",
  "values-not-hu": "values are not HU",
  "study-empty": "the study is empty",
};
