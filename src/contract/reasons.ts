import type { NotAnalysedReason } from "./study-state.ts";
import { english } from "./translate.ts";

/** The sentence for each reason. A file of its own, without zod, so that the viewer can use it too. */
export const REASON_TEXT: Record<NotAnalysedReason, string> = {
  "no-ct": english("no CT series"),
  "no-head": english("no head CT series"),
  "no-axial": english("no axial series"),
  "contrast-only": english("contrast series only"),
  "bone-kernel-only": english("bone kernel only"),
  "derived-only": english("derived images only"),
  "too-few-slices": english("too few slices"),
  "geometry-unusable": english("slice geometry unusable"),
  "pixels-unsupported": english("pixel data cannot be decoded"),
  "values-not-hu": english("values are not HU"),
  "study-empty": english("the study is empty"),
};
