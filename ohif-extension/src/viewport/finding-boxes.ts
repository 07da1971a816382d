import type { Box, Finding } from "../../../src/contract/finding.ts";
import { sliceKey } from "../../../src/contract/slices.ts";
import { t } from "../../../src/contract/translate.ts";
import { LABEL_NAME, score } from "../../../src/contract/words.ts";
import type { Cornerstone, CornerstoneViewport, Instance, Ohif, Point2 } from "../ohif-types.ts";
import { openStudies, resultOf } from "../studies.ts";
import { cornerstoneLibraries, frameNumberOf, instanceOf } from "./cornerstone.ts";
import { heatMapView } from "./heat-map-view.ts";

const SVG = "http://www.w3.org/2000/svg";
const LAYER_CLASS = "vigil-boxes";
/** Pixels on the screen: between box and words, from line to line, and how wide a caption may be. */
const CAPTION_GAP = 6;
const LINE_HEIGHT = 16;
const CAPTION_WIDTH = 260;
const CHARACTER_WIDTH = 7.2;

/** A rectangle of the image, and the findings that share it. */
interface SharedBox {
  box: Box;
  findings: Finding[];
}

/**
 * Draws the box of each finding on its key slices while the heat map is on, so that one switch hides all that the
 * machine has drawn. Ends when the returned function is called.
 */
export function drawFindingBoxes(ohif: Ohif): () => void {
  const { viewportGridService, cornerstoneViewportService } = ohif.servicesManager.services;
  const { cornerstone } = cornerstoneLibraries(ohif);
  const drawAll = () => {
    for (const id of viewportGridService.getState().viewports.keys()) {
      const viewport = cornerstoneViewportService.getCornerstoneViewport(id);
      if (viewport) draw(cornerstone, viewport);
    }
  };
  // Dispatched after every scroll, zoom, pan and resize; it does not bubble, so it is caught on its way down.
  document.addEventListener("CORNERSTONE_IMAGE_RENDERED", drawAll, { capture: true });
  const unsubscribeView = heatMapView.subscribe(drawAll);
  const unsubscribeStudies = openStudies.subscribe(drawAll);
  return () => {
    document.removeEventListener("CORNERSTONE_IMAGE_RENDERED", drawAll, { capture: true });
    unsubscribeView();
    unsubscribeStudies();
    for (const layer of document.querySelectorAll(`.${LAYER_CLASS}`)) layer.remove();
  };
}

function draw(cornerstone: Cornerstone, viewport: CornerstoneViewport): void {
  const imageId = viewport.getCurrentImageId?.();
  const boxes = imageId !== undefined && heatMapView.get().state === "on" ? boxesOn(cornerstone, imageId) : [];
  const present = viewport.element.querySelector(`.${LAYER_CLASS}`);
  if (boxes.length === 0 || imageId === undefined) {
    present?.remove();
    return;
  }
  const layer = present ?? viewport.element.appendChild(document.createElementNS(SVG, "svg"));
  layer.setAttribute("class", LAYER_CLASS);
  const captions: Point2[] = [];
  const shapes = boxes.flatMap(({ box, findings }) => {
    const points = cornersOf(box).flatMap((corner) => {
      const world = cornerstone.utilities.imageToWorldCoords(imageId, corner);
      return world ? [viewport.worldToCanvas(world)] : [];
    });
    const place = captionPlace(
      points,
      captions,
      viewport.element.clientWidth - CHARACTER_WIDTH * captionOfAll(findings).length,
    );
    captions.push(place);
    return [outline(points, findings), words(place, findings)];
  });
  layer.replaceChildren(...shapes);
}

function cornersOf([left, top, right, bottom]: Box): Point2[] {
  return [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
  ];
}

/**
 * Above the box as it lies on the screen now (it may be turned or mirrored), clear of the captions before, and no further
 * right than it fits.
 */
function captionPlace(points: Point2[], taken: Point2[], rightmost: number): Point2 {
  const x = Math.max(0, Math.min(rightmost, ...points.map((point) => point[0])));
  let y = Math.min(...points.map((point) => point[1])) - CAPTION_GAP;
  const isTaken = () =>
    taken.some((other) => Math.abs(other[0] - x) < CAPTION_WIDTH && Math.abs(other[1] - y) < LINE_HEIGHT);
  while (isTaken()) y -= LINE_HEIGHT;
  return [x, y];
}

function outline(points: Point2[], findings: Finding[]): SVGElement {
  const polygon = document.createElementNS(SVG, "polygon");
  const isCertain = findings.some(({ presence }) => presence === "present");
  polygon.setAttribute("class", isCertain ? "vigil-box-present" : "vigil-box-undetermined");
  polygon.setAttribute("points", points.map((point) => point.join()).join(" "));
  return polygon;
}

function words([x, y]: Point2, findings: Finding[]): SVGElement {
  const text = document.createElementNS(SVG, "text");
  text.setAttribute("x", String(x));
  text.setAttribute("y", String(y));
  text.textContent = captionOfAll(findings);
  return text;
}

function boxesOn(cornerstone: Cornerstone, imageId: string): SharedBox[] {
  const image = instanceOf(cornerstone, imageId);
  if (image === undefined) return [];
  const key = sliceKey({ sopInstanceUid: image.SOPInstanceUID, frameNumber: frameNumberOf(imageId) });
  // The heat map is one study's, and so are the boxes: beside it may lie another study.
  if (image.StudyInstanceUID !== heatMapView.get().studyInstanceUid) return [];
  const findings = resultOf(image.StudyInstanceUID)?.findings ?? [];
  const byBox = new Map<string, SharedBox>();
  for (const finding of findings.filter(({ label }) => label !== "any")) {
    const box = finding.keySlices.find((slice) => sliceKey(slice) === key)?.box;
    if (!box || isWholeImage(box, image)) continue;
    const shared = byBox.get(box.join()) ?? { box, findings: [] };
    shared.findings.push(finding);
    byBox.set(box.join(), shared);
  }
  return [...byBox.values()];
}

/** A model without heat maps knows the slice but no place in it. */
function isWholeImage([left, top, right, bottom]: Box, { Columns, Rows }: Instance): boolean {
  return left <= 0 && top <= 0 && right >= Number(Columns) && bottom >= Number(Rows);
}

function captionOfAll(findings: Finding[]): string {
  return `${findings.map(captionOf).join(", ")} (${t("AI")})`;
}

function captionOf({ label, probability }: Finding): string {
  return `${t(LABEL_NAME[label])} ${score(probability)}`;
}
