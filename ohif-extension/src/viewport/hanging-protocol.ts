import { topKeySlice } from "../findings.ts";
import { HANGING_PROTOCOL, HANGING_PROTOCOL_BESIDE } from "../ids.ts";
import type { DisplaySet, Ohif } from "../ohif-types.ts";
import { wasRead } from "../series.ts";
import { openedStudy, resultOf } from "../studies.ts";
import { besideView } from "./beside-view.ts";
import { sliceIndex } from "./cornerstone.ts";
import { BRAIN_VOI } from "./windows.ts";

/** Attributes that OHIF asks us for while it hangs a study. */
const IS_OPENED = "vigilIsOpened";
const WAS_READ = "vigilWasRead";
const SHOWS_FIRST = "vigilShowsFirst";
const FIRST_SLICE = "vigilFirstSlice";
const WINDOW = "vigilWindow";
const SIDE = "vigilSide";

/** OHIF's default protocol, but the series of the top finding comes first, at its key slice. */
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
        // A prior may have been loaded beside it.
        { attribute: IS_OPENED, weight: 20, constraint: { equals: true } },
        { attribute: WAS_READ, weight: 5, constraint: { equals: true } },
        { attribute: SHOWS_FIRST, weight: 10, constraint: { equals: true } },
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

const SIDES = ["opened", "prior"] as const;

/** Two display sets side by side, whichever were chosen. */
export const besideProtocol = {
  ...hangingProtocol,
  id: HANGING_PROTOCOL_BESIDE,
  name: "AI triage, prior beside",
  displaySetSelectors: Object.fromEntries(
    SIDES.map((side) => [
      side,
      { seriesMatchingRules: [{ attribute: SIDE, required: true, constraint: { equals: { value: side } } }] },
    ]),
  ),
  defaultViewport: {
    ...hangingProtocol.defaultViewport,
    displaySets: [{ id: "opened", matchedDisplaySetsIndex: -1 }],
  },
  stages: [
    {
      name: "side by side",
      viewportStructure: { layoutType: "grid", properties: { rows: 1, columns: 2 } },
      viewports: SIDES.map((side) => ({
        viewportOptions: {
          viewportType: "stack",
          viewportId: side === "opened" ? "default" : "vigilPrior",
          toolGroupId: "default",
          allowUnmatchedView: true,
        },
        displaySets: [{ id: side, options: { voi: BRAIN_VOI } }],
      })),
    },
  ],
};

/** Answers the attributes of our protocol from the results that the mode has loaded before. */
export function registerHangingAttributes(ohif: Ohif): void {
  const { hangingProtocolService } = ohif.servicesManager.services;
  hangingProtocolService.addCustomAttribute(
    IS_OPENED,
    "The study that was opened",
    ({ StudyInstanceUID }: DisplaySet) => StudyInstanceUID === openedStudy.get(),
  );
  hangingProtocolService.addCustomAttribute(
    SIDE,
    "Which of two studies side by side",
    ({ displaySetInstanceUID }: DisplaySet) =>
      SIDES.find((side) => besideView.get()?.displaySets[side] === displaySetInstanceUID),
  );
  hangingProtocolService.addCustomAttribute(WAS_READ, "A series that Vigil read", isRead);
  hangingProtocolService.addCustomAttribute(
    SHOWS_FIRST,
    "Where Vigil suspects most",
    (displaySet: DisplaySet) => firstIndex(ohif, displaySet) !== undefined,
  );
  hangingProtocolService.addCustomAttribute(
    FIRST_SLICE,
    "Strongest key slice of the finding that decided the flag",
    ([first]: DisplaySet[]) => (first && isRead(first) ? firstSlice(ohif, first) : undefined),
  );
  hangingProtocolService.addCustomAttribute(WINDOW, "Brain window for what Vigil read", ([first]: DisplaySet[]) =>
    first && isRead(first) ? BRAIN_VOI : undefined,
  );
}

function isRead({ StudyInstanceUID, SeriesInstanceUID }: DisplaySet): boolean {
  const study = resultOf(StudyInstanceUID);
  return study !== undefined && wasRead(study, SeriesInstanceUID);
}

function firstSlice(ohif: Ohif, displaySet: DisplaySet): { index: number } | { preset: string } {
  const index = firstIndex(ohif, displaySet);
  return index === undefined || index === "middle" ? { preset: "middle" } : { index };
}

/** Where to begin in the display set that comes first; undefined for every other one. */
function firstIndex(ohif: Ohif, displaySet: DisplaySet): number | "middle" | undefined {
  const study = resultOf(displaySet.StudyInstanceUID);
  if (study === undefined) return undefined;
  const keySlice = topKeySlice(study);
  const seriesInstanceUid = keySlice?.seriesInstanceUid ?? study.seriesInstanceUid;
  if (displaySet.SeriesInstanceUID !== seriesInstanceUid) return undefined;
  if (keySlice === undefined) return "middle";
  const index = sliceIndex(ohif, displaySet, keySlice);
  return index < 0 ? undefined : index;
}
