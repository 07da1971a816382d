import { topKeySlice } from "../findings.ts";
import { HANGING_PROTOCOL } from "../ids.ts";
import type { DisplaySet, Ohif } from "../ohif-types.ts";
import { resultOf } from "../studies.ts";
import { sliceIndex } from "./cornerstone.ts";

/** Attributes that OHIF asks us for while it hangs a study. */
const CHOSEN_SERIES = "vigilChosenSeries";
const FIRST_SLICE = "vigilFirstSlice";
const WINDOW = "vigilWindow";

/** The usual brain window. */
const BRAIN_WINDOW = { windowWidth: 120, windowCenter: 40 };

/** OHIF's default protocol, but the series that Vigil read comes first, at the key slice of the top finding. */
export const hangingProtocol = {
  id: HANGING_PROTOCOL,
  name: "AI triage",
  locked: true,
  protocolMatchingRules: [],
  toolGroupIds: ["default"],
  numberOfPriorsReferenced: 0,
  defaultViewport: {
    viewportOptions: { viewportType: "stack", toolGroupId: "default", allowUnmatchedView: true },
    displaySets: [{ id: "images", matchedDisplaySetsIndex: -1 }],
  },
  displaySetSelectors: {
    images: {
      seriesMatchingRules: [
        { attribute: "numImageFrames", weight: 10, constraint: { greaterThan: { value: 0 } } },
        { attribute: CHOSEN_SERIES, weight: 15, constraint: { equals: true } },
        { attribute: "isDisplaySetFromUrl", weight: 30, constraint: { equals: true } },
      ],
    },
  },
  stages: [
    {
      name: "one image",
      viewportStructure: { layoutType: "grid", properties: { rows: 1, columns: 1 } },
      viewports: [
        {
          viewportOptions: {
            viewportType: "stack",
            viewportId: "default",
            toolGroupId: "default",
            allowUnmatchedView: true,
            initialImageOptions: { custom: FIRST_SLICE },
          },
          displaySets: [{ id: "images", options: { voi: { custom: WINDOW } } }],
        },
      ],
    },
  ],
};

/** Answers the attributes of our protocol from the results that the mode has loaded before. */
export function registerHangingAttributes(ohif: Ohif): void {
  const { hangingProtocolService } = ohif.servicesManager.services;
  hangingProtocolService.addCustomAttribute(CHOSEN_SERIES, "The series that Vigil read", isChosen);
  hangingProtocolService.addCustomAttribute(FIRST_SLICE, "Key slice of Vigil's top finding", ([first]: DisplaySet[]) =>
    first && isChosen(first) ? firstSlice(ohif, first) : undefined,
  );
  hangingProtocolService.addCustomAttribute(WINDOW, "Brain window for what Vigil read", ([first]: DisplaySet[]) =>
    first && isChosen(first) ? BRAIN_WINDOW : undefined,
  );
}

function isChosen({ StudyInstanceUID, SeriesInstanceUID }: DisplaySet): boolean {
  return resultOf(StudyInstanceUID)?.seriesInstanceUid === SeriesInstanceUID;
}

function firstSlice(ohif: Ohif, displaySet: DisplaySet): { index: number } | { preset: string } {
  const study = resultOf(displaySet.StudyInstanceUID);
  const keySlice = study && topKeySlice(study);
  if (keySlice === undefined) return { preset: "middle" };
  const index = sliceIndex(ohif, displaySet, keySlice.sopInstanceUid);
  return index < 0 ? { preset: "middle" } : { index };
}
