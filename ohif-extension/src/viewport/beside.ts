import { t } from "../../../src/contract/translate.ts";
import { HANGING_PROTOCOL_BESIDE } from "../ids.ts";
import type { CornerstoneViewport, DisplaySet, Instance, Ohif } from "../ohif-types.ts";
import { seriesToShow } from "../series.ts";
import { ensureLoaded, resultOf } from "../studies.ts";
import { besideView } from "./beside-view.ts";
import { cornerstoneLibraries, imageIdsOf, instanceOf, sliceOfImage, viewportsShowing } from "./cornerstone.ts";
import { headTopMm, levelledImages, levelMm } from "./levels.ts";
import { showSlice } from "./show-slice.ts";
import { activeView } from "./views.ts";

/** Hangs a prior beside the study that is shown, at the same level, and takes it away again. */

const PATIENCE_MS = 20_000;
const CHECK_MS = 60;

type Side = "opened" | "prior";

export class PriorBeside {
  readonly #ohif: Ohif;
  /** What hung before. */
  #before: { protocolId: string; stageIndex: number } | undefined;
  /** To be added to a level of the prior to have the same one of the study that was opened. */
  #offsetMm = 0;
  #isBusy = false;

  /** To be called when the viewer closes. */
  readonly leave: () => void;

  constructor(ohif: Ohif) {
    this.#ohif = ohif;
    this.leave = this.#follow();
  }

  /** @throws Error that says why the prior cannot be shown */
  async toggle(priorUid: string): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      if (besideView.get()?.priorUid === priorUid) await this.#takeAway();
      else await this.#hang(priorUid);
    } finally {
      this.#isBusy = false;
    }
  }

  /** Linked again, both stay at the levels at which they are then. */
  link(isLinked: boolean): void {
    const beside = besideView.get();
    if (beside === null) return;
    const [opened, prior] = [this.#shownLevel("opened"), this.#shownLevel("prior")];
    if (isLinked && opened !== undefined && prior !== undefined) this.#offsetMm = opened - prior;
    besideView.set({ ...beside, isLinked });
  }

  /** Scrolls the one with the other; notes when another layout has taken their place. Ends with the returned function. */
  #follow(): () => void {
    const { viewportGridService } = this.#ohif.servicesManager.services;
    const scroll = (event: Event) => {
      const { viewportId, imageId } = (event as CustomEvent<{ viewportId: string; imageId: string }>).detail;
      const beside = besideView.get();
      if (beside === null || !beside.isLinked) return;
      // The other one's images come late over a slow network: they would pull the reader back to where he was.
      if (viewportId !== viewportGridService.getState().activeViewportId) return;
      for (const side of ["opened", "prior"] as const) {
        if (this.#viewport(side)?.id === viewportId) this.#followTo(side === "opened" ? "prior" : "opened", imageId);
      }
    };
    document.addEventListener("CORNERSTONE_STACK_NEW_IMAGE", scroll, { capture: true });
    const layout = viewportGridService.subscribe(viewportGridService.EVENTS.GRID_STATE_CHANGED!, () => {
      const isThere = this.#viewport("opened") !== undefined && this.#viewport("prior") !== undefined;
      if (!this.#isBusy && besideView.get() !== null && !isThere) besideView.set(null);
    });
    return () => {
      document.removeEventListener("CORNERSTONE_STACK_NEW_IMAGE", scroll, { capture: true });
      layout.unsubscribe();
      besideView.set(null);
    };
  }

  async #hang(priorUid: string): Promise<void> {
    const { hangingProtocolService } = this.#ohif.servicesManager.services;
    const view = activeView.get();
    const opened = view && seriesToShow(this.#ohif, view.studyInstanceUid, view.displaySet);
    if (!view || !opened) throw new Error(t("No image is on the screen that a prior could hang beside."));
    const slice = view.slice;
    ensureLoaded(priorUid);
    const prior = await this.#load(priorUid);
    if (besideView.get() === null) {
      const { protocolId, stageIndex } = hangingProtocolService.getState();
      // Another layout may have taken the place of the prior only.
      if (protocolId !== HANGING_PROTOCOL_BESIDE) this.#before = { protocolId, stageIndex };
    }
    for (const StudyInstanceUID of [view.studyInstanceUid, priorUid]) {
      hangingProtocolService.addStudy({ StudyInstanceUID });
    }
    const displaySets = { opened: opened.displaySetInstanceUID, prior: prior.displaySetInstanceUID };
    besideView.set({ priorUid, displaySets, isLinked: false });
    // Afresh: OHIF hangs what it knew when it last did so.
    this.#apply(HANGING_PROTOCOL_BESIDE, 0, true);
    try {
      await this.#shown(opened);
      await this.#shown(prior);
      this.#offsetMm = await this.#offset(opened, prior);
    } catch (error) {
      await this.#takeAway();
      throw error;
    }
    besideView.set({ priorUid, displaySets, isLinked: true });
    const isOfOpened = slice !== null && slice.seriesInstanceUid === opened.SeriesInstanceUID;
    if (isOfOpened) await showSlice(this.#ohif, slice);
    const imageId = this.#viewport("opened")?.getCurrentImageId();
    if (imageId !== undefined) this.#followTo("prior", imageId);
  }

  async #takeAway(): Promise<void> {
    const beside = besideView.get();
    const imageId = this.#viewport("opened")?.getCurrentImageId();
    const slice = imageId && sliceOfImage(cornerstoneLibraries(this.#ohif).cornerstone, imageId);
    besideView.set(null);
    if (this.#before) this.#apply(this.#before.protocolId, this.#before.stageIndex);
    const opened = beside && this.#displaySet(beside.displaySets.opened);
    if (!slice || !opened) return;
    await this.#shown(opened);
    await showSlice(this.#ohif, slice);
  }

  #apply(protocolId: string, stageIndex: number, reset = false): void {
    this.#ohif.commandsManager.runCommand("setHangingProtocol", { protocolId, stageIndex, reset });
  }

  /** OHIF knows of other studies of the patient, but has loaded none of them. */
  async #load(studyInstanceUid: string): Promise<DisplaySet> {
    const [source] = this.#ohif.extensionManager.getActiveDataSource();
    if (seriesToShow(this.#ohif, studyInstanceUid) === undefined) {
      await source?.retrieve.series.metadata({ StudyInstanceUID: studyInstanceUid });
    }
    const loaded = () => resultOf(studyInstanceUid) !== undefined && seriesToShow(this.#ohif, studyInstanceUid);
    const displaySet = (await until(loaded)) || seriesToShow(this.#ohif, studyInstanceUid);
    if (displaySet === undefined) throw new Error(t("The PACS does not give the images of the prior."));
    return displaySet;
  }

  async #shown(displaySet: DisplaySet): Promise<void> {
    const isDrawn = () =>
      viewportsShowing(this.#ohif, displaySet).some((viewport) => {
        const imageId = viewport.getCornerstoneImage ? viewport.getCornerstoneImage()?.imageId : "volume";
        return imageId === "volume" || (imageId && imageIdsOf(this.#ohif, displaySet).includes(imageId));
      });
    if (!(await until(isDrawn))) throw new Error(t("The images could not be shown side by side."));
  }

  /** In one frame of reference the positions are the same; otherwise the tops of the heads are. */
  async #offset(opened: DisplaySet, prior: DisplaySet): Promise<number> {
    const frameOf = ({ instances }: DisplaySet) => instances?.[0]?.FrameOfReferenceUID;
    if (frameOf(opened) !== undefined && frameOf(opened) === frameOf(prior)) return 0;
    const [openedTop, priorTop] = await Promise.all([headTopMm(this.#ohif, opened), headTopMm(this.#ohif, prior)]);
    return openedTop === undefined || priorTop === undefined ? 0 : openedTop - priorTop;
  }

  #followTo(side: Side, imageId: string): void {
    const viewport = this.#viewport(side);
    const displaySet = this.#displaySet(besideView.get()?.displaySets[side]);
    const level = levelMm(this.#instance(imageId));
    if (!viewport || !displaySet || level === undefined) return;
    const wanted = side === "prior" ? level - this.#offsetMm : level + this.#offsetMm;
    const nearest = levelledImages(this.#ohif, displaySet).reduce<{ imageId: string; off: number } | undefined>(
      (best, image) => {
        const off = Math.abs(image.levelMm - wanted);
        return best && best.off <= off ? best : { imageId: image.imageId, off };
      },
      undefined,
    );
    if (nearest === undefined || nearest.imageId === viewport.getCurrentImageId()) return;
    // What is within half a slice stays: the two would push each other to and fro.
    const shown = this.#shownLevel(side);
    if (shown !== undefined && Math.abs(shown - wanted) <= nearest.off) return;
    const FrameOfReferenceUID = viewport.getFrameOfReferenceUID();
    viewport.setViewReference({ referencedImageId: nearest.imageId, FrameOfReferenceUID });
    viewport.render();
  }

  #shownLevel(side: Side): number | undefined {
    const imageId = this.#viewport(side)?.getCurrentImageId();
    return imageId === undefined ? undefined : levelMm(this.#instance(imageId));
  }

  #instance(imageId: string): Instance | undefined {
    return instanceOf(cornerstoneLibraries(this.#ohif).cornerstone, imageId);
  }

  #viewport(side: Side): CornerstoneViewport | undefined {
    const displaySet = this.#displaySet(besideView.get()?.displaySets[side]);
    return displaySet && viewportsShowing(this.#ohif, displaySet)[0];
  }

  #displaySet(uid: string | undefined): DisplaySet | undefined {
    const { displaySetService } = this.#ohif.servicesManager.services;
    return uid === undefined ? undefined : displaySetService.getDisplaySetByUID(uid);
  }
}

async function until<T>(look: () => T): Promise<T | undefined> {
  const deadline = Date.now() + PATIENCE_MS;
  while (Date.now() < deadline) {
    const found = look();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, CHECK_MS));
  }
  return undefined;
}
