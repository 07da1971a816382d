import { sliceKey } from "../../../src/contract/slices.ts";
import type { Cornerstone, CornerstoneViewport, DisplaySet, Ohif } from "../ohif-types.ts";
import { cornerstoneLibraries, imageIdsOf, instanceOf, sliceOfImage } from "./cornerstone.ts";
import { activeView, type ViewOnScreen, viewsOnScreen } from "./views.ts";

/** Cornerstone dispatches these on a viewport's element; they do not bubble, so they are caught on their way down. */
const IMAGE_EVENTS = ["CORNERSTONE_STACK_NEW_IMAGE", "CORNERSTONE_VOLUME_NEW_IMAGE", "CORNERSTONE_IMAGE_RENDERED"];
const GRID_EVENTS = ["ACTIVE_VIEWPORT_ID_CHANGED", "GRID_STATE_CHANGED", "LAYOUT_CHANGED", "VIEWPORTS_READY"];

/** Keeps both stores up to date until the returned function is called. */
export function followScreen(ohif: Ohif): () => void {
  const { viewportGridService, cornerstoneViewportService } = ohif.servicesManager.services;
  const update = () => {
    const { activeViewportId, viewports } = viewportGridService.getState();
    const before = viewsOnScreen.get();
    const views = new Map(
      [...viewports.keys()].flatMap((id): [string, ViewOnScreen][] => {
        const view = viewOf(ohif, id);
        const known = before.get(id);
        return view === undefined ? [] : [[id, known && isSame(known, view) ? known : view]];
      }),
    );
    const changed = views.size !== before.size || [...views].some(([id, view]) => before.get(id) !== view);
    if (changed) viewsOnScreen.set(views);
    activeView.set(views.get(activeViewportId) ?? null);
  };
  for (const event of IMAGE_EVENTS) document.addEventListener(event, update, { capture: true });
  const subscriptions = [
    ...GRID_EVENTS.map((name) => viewportGridService.subscribe(viewportGridService.EVENTS[name]!, update)),
    cornerstoneViewportService.subscribe(cornerstoneViewportService.EVENTS.VIEWPORT_DATA_CHANGED!, update),
  ];
  return () => {
    for (const event of IMAGE_EVENTS) document.removeEventListener(event, update, { capture: true });
    for (const subscription of subscriptions) subscription.unsubscribe();
    viewsOnScreen.set(new Map());
    activeView.set(null);
  };
}

function viewOf(ohif: Ohif, viewportId: string): ViewOnScreen | undefined {
  const { viewportGridService, displaySetService, cornerstoneViewportService } = ohif.servicesManager.services;
  const [uid] = viewportGridService.getDisplaySetsUIDsForViewport(viewportId) ?? [];
  const displaySet = uid === undefined ? undefined : displaySetService.getDisplaySetByUID(uid);
  if (displaySet === undefined) return undefined;
  const { cornerstone } = cornerstoneLibraries(ohif);
  const viewport = cornerstoneViewportService.getCornerstoneViewport(viewportId);
  const drawn = viewport ? drawnImage(viewport) : undefined;
  const isDrawn = drawn !== undefined && holds(ohif, cornerstone, displaySet, drawn);
  const current = isDrawn ? viewport?.getCurrentImageId?.() : undefined;
  return {
    viewportId,
    displaySet,
    studyInstanceUid: displaySet.StudyInstanceUID,
    isDrawn,
    slice: (current === undefined ? undefined : sliceOfImage(cornerstone, current)) ?? null,
  };
}

/** An image of what is drawn now: while a series is being loaded, one of the series before. */
function drawnImage(viewport: CornerstoneViewport): string | undefined {
  if (viewport.getCornerstoneImage) return viewport.getCornerstoneImage()?.imageId;
  try {
    return viewport.getCurrentImageId?.() ?? viewport.getImageIds?.()[0];
  } catch {
    // Cornerstone throws while a volume is not there yet.
    return undefined;
  }
}

function holds(ohif: Ohif, cornerstone: Cornerstone, displaySet: DisplaySet, imageId: string): boolean {
  return (
    instanceOf(cornerstone, imageId)?.StudyInstanceUID === displaySet.StudyInstanceUID &&
    imageIdsOf(ohif, displaySet).includes(imageId)
  );
}

function isSame(a: ViewOnScreen, b: ViewOnScreen): boolean {
  const keyOf = ({ slice }: ViewOnScreen) => (slice === null ? "" : sliceKey(slice));
  return a.displaySet === b.displaySet && a.isDrawn === b.isDrawn && keyOf(a) === keyOf(b);
}
