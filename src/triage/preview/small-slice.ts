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
  /** Pixels of the image. */
  length: number;
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
    return { first: (length - 1) / 2 - ((SIDE - 1) / 2) * step, step, length };
  };
  const across = axis(columns, betweenColumns);
  const down = axis(rows, betweenRows);
  return { across, down, grey: greyOf(slice, across, down), inside: insideSkull(slice, across, down) };
}

/** @returns SIDE x SIDE x red, green, blue */
export function withHeat({ across, down, grey, inside }: SmallSlice, grid: HeatGrid): Uint8Array {
  const heat = new Uint8Array(across.length * down.length);
  paintHeatGrid(grid, across.length, heat);
  const pixels = new Uint8Array(SIDE * SIDE * 3);
  for (let y = 0; y < SIDE; y++) {
    const row = nearest(down, y);
    for (let x = 0; x < SIDE; x++) {
      const column = nearest(across, x);
      const i = y * SIDE + x;
      const isHead = row !== null && column !== null && inside[i] === 1;
      const [red, green, blue, alpha] = COLORS[isHead ? heat[row * across.length + column]! : 0]!;
      const share = (alpha / 255) * OPACITY;
      const shade = grey[i]!;
      pixels[3 * i] = shade + (red - shade) * share;
      pixels[3 * i + 1] = shade + (green - shade) * share;
      pixels[3 * i + 2] = shade + (blue - shade) * share;
    }
  }
  return pixels;
}

function nearest({ first, step, length }: Axis, pixel: number): number | null {
  const place = Math.round(first + pixel * step);
  return place >= 0 && place < length ? place : null;
}

function greyOf({ hu, columns }: CtSlice, across: Axis, down: Axis): Uint8Array {
  const { center, width } = BRAIN_WINDOW;
  const horizontal = samplesOf(across);
  const vertical = samplesOf(down);
  const shadeAt = (index: number) => Math.min(1, Math.max(0, (hu[index]! - center) / width + 0.5));
  const shades = new Float32Array(SIDE * SIDE);
  for (const { pixel: y, place: row, next: nextRow, share: down } of vertical) {
    for (const { pixel: x, place: column, next: nextColumn, share: along } of horizontal) {
      const upper = shadeAt(row * columns + column) * (1 - along) + shadeAt(row * columns + nextColumn) * along;
      const lower = shadeAt(nextRow * columns + column) * (1 - along) + shadeAt(nextRow * columns + nextColumn) * along;
      shades[y * SIDE + x]! += upper * (1 - down) + lower * down;
    }
  }
  return Uint8Array.from(shades, (sum) => Math.round((sum / SAMPLES.length ** 2) * 255));
}

/** The places that make each pixel, those beyond the image left out: there it is black. */
function samplesOf({ first, step, length }: Axis) {
  return Array.from({ length: SIDE }, (_, pixel) =>
    SAMPLES.map((within) => ({ pixel, at: first + (pixel + within) * step })),
  )
    .flat()
    .filter(({ at }) => at >= -0.5 && at <= length - 0.5)
    .map(({ pixel, at }) => {
      const clamped = Math.min(length - 1, Math.max(0, at));
      const place = Math.floor(clamped);
      return { pixel, place, next: Math.min(length - 1, place + 1), share: clamped - place };
    });
}

function insideSkull(slice: CtSlice, across: Axis, down: Axis): Uint8Array {
  const inside = new Uint8Array(SIDE * SIDE).fill(1);
  const inPlace = placed(slice);
  const cranium = typeof inPlace === "string" ? null : craniumIn(inPlace);
  if (typeof inPlace === "string" || cranium === null) return inside;
  const { size, stepMm, originMm } = cranium;
  const within = insideOf(cranium);
  const axes = planeAxes(inPlace);
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      const place = inPlaneMm(inPlace, axes, across.first + x * across.step, down.first + y * down.step);
      const i = Math.round((place[0] - originMm[0]) / stepMm);
      const j = Math.round((place[1] - originMm[1]) / stepMm);
      const isOnGrid = i >= 0 && j >= 0 && i < size && j < size;
      inside[y * SIDE + x] = isOnGrid ? within[j * size + i]! : 0;
    }
  }
  return inside;
}
