import { type HeatGrid, heatMapColors, paintHeatGrid } from "../../contract/heat-map-paint.ts";
import { PREVIEW_PIXELS } from "../../contract/preview-size.ts";
import { BRAIN_WINDOW } from "../../contract/window.ts";
import { craniumIn, inPlaneMm, insideOf, planeAxes } from "../../dicom/cranium.ts";
import { placed } from "../../dicom/placed-slice.ts";
import type { CtSlice } from "../../dicom/slice.ts";

/** Along one axis: which place of the image lies under the centre of a pixel of the preview. */
interface Axis {
  first: number;
  step: number;
}

/** A slice as the preview shows it: a square, true to the shape of the head, with black bars where the image is none. */
export interface SmallSlice {
  across: Axis;
  down: Axis;
  /** Brain window, 255 = white. */
  grey: Uint8Array;
  /** 1 = inside the skull; everywhere where no skull is found */
  inside: Uint8Array;
}

const SIDE = PREVIEW_PIXELS;
/** Places within a pixel whose mean it is: keeps edges smooth when four pixels become one. */
const SAMPLES = [-0.25, 0.25];
/** Of the heat map where the probability is 1, as the viewer begins with. */
const OPACITY = 0.5;
const COLORS = heatMapColors();

export function smallSlice(slice: CtSlice): SmallSlice {
  const { rows, columns, header } = slice;
  const [betweenRows, betweenColumns] = header.pixelSpacingMm ?? [1, 1];
  const longestMm = Math.max(rows * betweenRows, columns * betweenColumns);
  const axis = (length: number, spacingMm: number): Axis => {
    const step = longestMm / SIDE / spacingMm;
    return { first: (length - 1) / 2 - ((SIDE - 1) / 2) * step, step };
  };
  const across = axis(columns, betweenColumns);
  const down = axis(rows, betweenRows);
  return { across, down, grey: greyOf(slice, across, down), inside: insideSkull(slice, across, down) };
}

/** @returns SIDE x SIDE x red, green, blue */
export function withHeat({ across, down, grey, inside }: SmallSlice, grid: HeatGrid): Uint8Array {
  const [left, top, right, bottom] = grid.area;
  const area = [edge(across, left), edge(down, top), edge(across, right), edge(down, bottom)] as const;
  const heat = new Uint8Array(SIDE * SIDE);
  paintHeatGrid({ ...grid, area }, SIDE, heat);
  const pixels = new Uint8Array(SIDE * SIDE * 3);
  for (let i = 0; i < grey.length; i++) {
    const [red, green, blue, alpha] = COLORS[inside[i] === 1 ? heat[i]! : 0]!;
    const share = (alpha / 255) * OPACITY;
    const shade = grey[i]!;
    pixels[3 * i] = shade + (red - shade) * share;
    pixels[3 * i + 1] = shade + (green - shade) * share;
    pixels[3 * i + 2] = shade + (blue - shade) * share;
  }
  return pixels;
}

/** Where an edge between pixels of the image lies in the preview; the edge before the first pixel is 0 in both. */
function edge({ first, step }: Axis, ofImage: number): number {
  return (ofImage - 0.5 - first) / step + 0.5;
}

function greyOf({ hu, rows, columns }: CtSlice, across: Axis, down: Axis): Uint8Array {
  const { center, width } = BRAIN_WINDOW;
  const shades = new Float32Array(hu).map((value) =>
    Math.min(255, Math.max(0, ((value - center) / width + 0.5) * 255)),
  );
  // One axis after the other, so that each pixel of the image is looked at a few times only.
  const lines = new Float32Array(SIDE * columns);
  for (const { pixel: y, place: row, weight } of samplesOf(down, rows)) {
    for (let x = 0; x < columns; x++) lines[y * columns + x]! += weight * shades[row * columns + x]!;
  }
  const small = new Float32Array(SIDE * SIDE);
  for (const { pixel: x, place: column, weight } of samplesOf(across, columns)) {
    for (let y = 0; y < SIDE; y++) small[y * SIDE + x]! += weight * lines[y * columns + column]!;
  }
  return new Uint8Array(small.map(Math.round));
}

/** How much each pixel takes of which pixels of the image; nothing beyond the image, where it is black. */
function samplesOf({ first, step }: Axis, length: number): { pixel: number; place: number; weight: number }[] {
  return Array.from({ length: SIDE }, (_, pixel) =>
    SAMPLES.flatMap((within) => {
      const at = first + (pixel + within) * step;
      if (at < -0.5 || at > length - 0.5) return [];
      const clamped = Math.min(length - 1, Math.max(0, at));
      const place = Math.floor(clamped);
      const share = (clamped - place) / SAMPLES.length;
      return [
        { pixel, place, weight: 1 / SAMPLES.length - share },
        { pixel, place: Math.min(length - 1, place + 1), weight: share },
      ];
    }),
  ).flat();
}

function insideSkull(slice: CtSlice, across: Axis, down: Axis): Uint8Array {
  const inside = new Uint8Array(SIDE * SIDE).fill(1);
  const inPlace = placed(slice);
  const cranium = typeof inPlace === "string" ? null : craniumIn(inPlace);
  if (typeof inPlace === "string" || cranium === null) return inside;
  const { size, stepMm, originMm } = cranium;
  const within = insideOf(cranium);
  const axes = planeAxes(inPlace);
  // In cells of the cranium's grid; the way from pixel to pixel is the same everywhere.
  const cellAt = (x: number, y: number) => {
    const place = inPlaneMm(inPlace, axes, across.first + x * across.step, down.first + y * down.step);
    return [(place[0] - originMm[0]) / stepMm, (place[1] - originMm[1]) / stepMm] as const;
  };
  const [corner, right, below] = [cellAt(0, 0), cellAt(1, 0), cellAt(0, 1)];
  const along = (axis: 0 | 1, x: number, y: number) =>
    Math.round(corner[axis] + x * (right[axis] - corner[axis]) + y * (below[axis] - corner[axis]));
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      const [i, j] = [along(0, x, y), along(1, x, y)];
      const isOnGrid = i >= 0 && j >= 0 && i < size && j < size;
      inside[y * SIDE + x] = isOnGrid ? within[j * size + i]! : 0;
    }
  }
  return inside;
}
