/** How a heat map looks, in the viewer and in the images that the service makes. Without zod, so that the viewer can use it too. */

/** A coarse grid of probabilities over a part of an image. */
export interface HeatGrid {
  gridWidth: number;
  gridHeight: number;
  /** The part of the image that the grid covers, in pixels: left, top, right, bottom. */
  area: readonly [number, number, number, number];
  /** gridHeight x gridWidth, 255 = probability 1 */
  cells: Uint8Array;
}

/** Probabilities below this are left transparent: a haze over healthy tissue would say nothing. */
const TRANSPARENT_BELOW = 0.2;

/** Whether any of it would be seen. */
export function isHeatVisible(cells: Uint8Array): boolean {
  return cells.some((value) => value / 255 >= TRANSPARENT_BELOW);
}

/**
 * Enlarges the grid of one slice to the pixels of its image, bilinearly between the centres of the cells. Pixels outside
 * the grid's area stay 0.
 * @param pixels rows x columns, 255 = probability 1
 */
export function paintHeatGrid(grid: HeatGrid, columns: number, pixels: Uint8Array): void {
  const { gridWidth, gridHeight, cells } = grid;
  const [left, top, right, bottom] = grid.area;
  const rows = pixels.length / columns;
  const horizontal = samplePlaces(left, right, gridWidth, columns);
  const vertical = samplePlaces(top, bottom, gridHeight, rows);
  for (const { pixel: y, cell: row, next: nextRow, share: down } of vertical) {
    for (const { pixel: x, cell: column, next: nextColumn, share: along } of horizontal) {
      const at = (r: number, c: number) => cells[r * gridWidth + c] ?? 0;
      const upper = at(row, column) * (1 - along) + at(row, nextColumn) * along;
      const lower = at(nextRow, column) * (1 - along) + at(nextRow, nextColumn) * along;
      pixels[y * columns + x] = Math.round(upper * (1 - down) + lower * down);
    }
  }
}

interface SamplePlace {
  pixel: number;
  cell: number;
  next: number;
  /** How far from the centre of `cell` towards the centre of `next`, 0 to 1. */
  share: number;
}

/** For each pixel that the area covers along one axis: the two cells whose centres it lies between. */
function samplePlaces(from: number, to: number, cells: number, pixels: number): SamplePlace[] {
  const places: SamplePlace[] = [];
  for (let pixel = Math.max(0, Math.ceil(from - 0.5)); pixel < Math.min(pixels, to - 0.5); pixel++) {
    const position = ((pixel + 0.5 - from) / (to - from)) * cells - 0.5;
    const clamped = Math.min(cells - 1, Math.max(0, position));
    const cell = Math.floor(clamped);
    places.push({ pixel, cell, next: Math.min(cells - 1, cell + 1), share: clamped - cell });
  }
  return places;
}

/** Dark violet over red and orange to pale yellow, rising with probability in brightness and in opacity. */
const RAMP: { at: number; color: [number, number, number] }[] = [
  { at: 0, color: [60, 10, 90] },
  { at: 0.35, color: [150, 30, 100] },
  { at: 0.6, color: [225, 80, 40] },
  { at: 0.8, color: [250, 165, 20] },
  { at: 1, color: [250, 240, 140] },
];

/** Red, green, blue and opacity (0 to 255) for each value of a heat map, 0 to 255. */
export function heatMapColors(): [number, number, number, number][] {
  return Array.from({ length: 256 }, (_, value) => {
    const probability = value / 255;
    if (probability < TRANSPARENT_BELOW) return [0, 0, 0, 0];
    const upper = RAMP.findIndex(({ at }) => at >= probability);
    const from = RAMP[Math.max(0, upper - 1)]!;
    const to = RAMP[upper]!;
    const share = to.at === from.at ? 0 : (probability - from.at) / (to.at - from.at);
    const [red, green, blue] = from.color.map((start, i) => Math.round(start + (to.color[i]! - start) * share));
    const opacity = (probability - TRANSPARENT_BELOW) / (1 - TRANSPARENT_BELOW);
    return [red!, green!, blue!, Math.round(255 * Math.min(1, 0.15 + opacity))];
  });
}
