import React, { useMemo } from "react";
import { sliceKey, sliceNumbers } from "../../../src/contract/slices.ts";
import { t } from "../../../src/contract/translate.ts";
import { useLanguage } from "../i18n/use-language.ts";
import { wasRead } from "../series.ts";
import { isKnown, openStudies } from "../studies.ts";
import { useStore } from "../ui/use-store.ts";
import { viewsOnScreen } from "./views.ts";

export interface SliceNumberProps {
  viewportId: string;
  /** How OHIF counts, in its own order. */
  imageSliceData?: { imageIndex: number; numberOfSlices: number } | undefined;
}

/** In the corner of an image: its slice as the panel, the report and the terminal count it. */
export function SliceNumber({ viewportId, imageSliceData }: SliceNumberProps) {
  useLanguage();
  const view = useStore(viewsOnScreen).get(viewportId);
  const study = useStore(openStudies).get(view?.studyInstanceUid ?? "");
  const slices = isKnown(study) ? study.slices : undefined;
  const numbers = useMemo(() => sliceNumbers(slices ?? []), [slices]);
  if (!view?.isDrawn) return null;
  const words = () => {
    if (view.slice === null) return "";
    const place = numbers.get(sliceKey(view.slice));
    if (place) return t("Slice {number} of {of}", { number: place.number, of: place.of });
    if (isKnown(study) && wasRead(study, view.slice.seriesInstanceUid)) return t("Not read by Vigil");
    if (imageSliceData === undefined) return "";
    return t("Image {number} / {of}", { number: imageSliceData.imageIndex + 1, of: imageSliceData.numberOfSlices });
  };
  return <div data-cy="vigil-overlay-slice">{words()}</div>;
}
