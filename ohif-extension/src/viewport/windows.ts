import { t } from "../../../src/contract/translate.ts";
import { BRAIN_WINDOW, type CtWindow } from "../../../src/contract/window.ts";
import { COMMANDS } from "../ids.ts";
import type { Instance, Ohif, Voi } from "../ohif-types.ts";
import { wasRead } from "../series.ts";
import { resultOf } from "../studies.ts";
import { cornerstoneLibraries, imageIdsOf } from "./cornerstone.ts";
import { type ViewOnScreen, viewsOnScreen } from "./views.ts";
import { WINDOWS, type WindowId } from "./window-table.ts";

/** As OHIF takes it. */
export function voiOf({ center, width }: CtWindow): Voi {
  return { windowWidth: width, windowCenter: center };
}

export const BRAIN_VOI = voiOf(BRAIN_WINDOW);

/** @throws Error when the image has no window of its own */
export function setWindow(ohif: Ohif, view: ViewOnScreen, id: WindowId): void {
  const { viewportId } = view;
  const { hu } = WINDOWS.find((window) => window.id === id)!;
  const voi = hu === null ? ownVoi(ohif, view) : voiOf(hu);
  if (voi === undefined) throw new Error(t("The image brings no window along: take one of the others"));
  ohif.commandsManager.runCommand("setViewportWindowLevel", { viewportId, ...voi });
}

/** Window Center and Width (PS3.3 C.11.2.1.2) may hold several; the first one is the one to show first. */
function ownVoi(ohif: Ohif, { viewportId, displaySet }: ViewOnScreen): Voi | undefined {
  const { cornerstone } = cornerstoneLibraries(ohif);
  const viewport = ohif.servicesManager.services.cornerstoneViewportService.getCornerstoneViewport(viewportId);
  const imageId = viewport?.getCurrentImageId?.() ?? imageIdsOf(ohif, displaySet)[0];
  if (imageId === undefined) return undefined;
  const voi = cornerstone.metaData.get("voiLutModule", imageId) as { windowWidth?: unknown; windowCenter?: unknown };
  const [windowWidth, windowCenter] = [firstNumber(voi?.windowWidth), firstNumber(voi?.windowCenter)];
  return windowWidth === undefined || windowCenter === undefined ? undefined : { windowWidth, windowCenter };
}

function firstNumber(value: unknown): number | undefined {
  const [first] = Array.isArray(value) ? value : [value];
  const number = first === undefined || first === null || first === "" ? Number.NaN : Number(first);
  return Number.isFinite(number) ? number : undefined;
}

/** Says so itself, or by its kernel: the names of GE, the letters and numbers of Siemens and Philips. */
const BONE = /\b(bone(plus)?|edge|ossx|osseux|knochen|hueso)\b/i;
const SHARP_KERNEL = /^([BHJ][a-z]?[6-9]\d|Y[ABC]$)/i;

/** Whether a series is made for looking at bone: what Vigil says of it counts, where Vigil knows the series. */
export function isBoneSeries(image: Instance): boolean {
  const decision = resultOf(image.StudyInstanceUID)?.series.find(
    ({ seriesInstanceUid }) => seriesInstanceUid === image.SeriesInstanceUID,
  );
  if (decision?.chosen) return false;
  if (decision?.reasons.some((reason) => reason.startsWith("bone kernel"))) return true;
  const kernel = [image.ConvolutionKernel].flat().map(String).join(" ");
  return BONE.test(`${kernel} ${String(image.SeriesDescription ?? "")}`) || SHARP_KERNEL.test(kernel);
}

/** OHIF sets the window of a series that it has just drawn once more. */
const SETTLE_MS = 250;

/** What Vigil read opens in the brain window in whichever plane; undefined: as OHIF shows it. */
function firstWindow(image: Instance): WindowId | undefined {
  if (isBoneSeries(image)) return "bone";
  const study = resultOf(image.StudyInstanceUID);
  return study && wasRead(study, image.SeriesInstanceUID) ? "brain" : undefined;
}

/** Opens each series in its window, once for each time that it comes into a viewport. */
export function openInItsWindow(ohif: Ohif): () => void {
  const seen = new Map<string, string>();
  return viewsOnScreen.subscribe(() => {
    for (const [viewportId, { displaySet, isDrawn }] of viewsOnScreen.get()) {
      const { displaySetInstanceUID, instances } = displaySet;
      if (!isDrawn || seen.get(viewportId) === displaySetInstanceUID) continue;
      seen.set(viewportId, displaySetInstanceUID);
      const image = instances?.[0];
      const windowId = image?.Modality === "CT" ? firstWindow(image) : undefined;
      if (windowId === undefined) continue;
      const options = { windowId, viewportId };
      setTimeout(() => void ohif.commandsManager.runCommand(COMMANDS.setWindow, options), SETTLE_MS);
    }
  });
}
