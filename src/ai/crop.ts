import { setImmediate as nextTurn } from "node:timers/promises";
import type { Box } from "../contract/finding.ts";
import { type PlacedSlice, thicknessMm } from "../dicom/placed-slice.ts";
import type { CtVolume } from "../dicom/volume.ts";
import { type HeadBox, headFinder } from "./head-box.ts";
import type { Manifest } from "./manifest.ts";
import {
  type AxisFilter,
  areaFilter,
  bilinearFilter,
  composed,
  gaussianFilter,
  interpolationFilter,
  reversed,
} from "./resample.ts";
import { turnOf } from "./turn.ts";

/** How one slice becomes an input of the model. */
export interface Crop {
  /** Along the rows and along the columns of the stored slice, in the view's direction. */
  alongX: AxisFilter;
  alongY: AxisFilter;
  /** What the filters make has the view's columns as its rows. */
  transposed: boolean;
  /** The part of the slice that the input shows, in pixels; may reach beyond it. */
  area: Box;
}

/** A head crop is first made in this size, then resized to the model's. */
const HEAD_CROP_SIZE = 224;
/** Room around the head, as a factor of its size. */
const HEAD_MARGIN = 1.06;
/** Of the largest side of the head over all slices: the crown is smaller, a headrest in one slice does not count. */
const HEAD_SIZE_PERCENTILE = 0.75;
/** Reducing by more than this blurs first, against aliasing. */
const BLUR_BELOW_SCALE = 0.75;
const BLUR_SIGMA_PER_STEP = 0.45;
/** Thin slices are noisier than what models learn on; a slight blur in the plane makes up for it. */
const THIN_SLICE_MM = 2.5;
const THIN_SLICE_SIGMA_MM = 0.6;

/** One crop per slice: a square of the same size in mm for all around each slice's own head, or the whole slice. */
export async function planCrops({ slices }: CtVolume, input: Manifest["input"]): Promise<Crop[]> {
  if (input.crop === "none") return slices.map((slice) => wholeSlice(slice, input));
  const findHead = kept(
    ({ rows, columns }: PlacedSlice) => `${rows} ${columns}`,
    ({ rows, columns }) => headFinder(rows, columns),
  );
  const boxes: (HeadBox | null)[] = [];
  for (const slice of slices) {
    boxes.push(findHead(slice)(slice.hu));
    await nextTurn();
  }
  // Lengths are in pixels of the first slice, so that slices of other grids compare.
  const unitMm = slices[0]!.pixelSpacingMm[1];
  const sizes = boxes.flatMap((box, z) => {
    if (box === null) return [];
    const [rowSpacing, columnSpacing] = slices[z]!.pixelSpacingMm;
    return Math.max(box.width * (columnSpacing / unitMm), box.height * (rowSpacing / unitMm));
  });
  const largest = Math.max(...slices.map((slice) => extentMm(slice) / unitMm));
  const sideMm = (sizes.length > 0 ? percentile(sizes, HEAD_SIZE_PERCENTILE) * HEAD_MARGIN : largest) * unitMm;
  const usualThicknessMm = distanceMm(slices);
  const cropperOf = kept(
    (slice: PlacedSlice) =>
      JSON.stringify([
        slice.rows,
        slice.columns,
        slice.pixelSpacingMm,
        slice.orientation,
        isThin(slice, usualThicknessMm),
      ]),
    (slice) => headCropper(slice, input, sideMm, isThin(slice, usualThicknessMm)),
  );
  return slices.map((slice, z) => {
    const box = boxes[z] ?? null;
    return cropperOf(slice)(box?.centreX ?? slice.columns / 2, box?.centreY ?? slice.rows / 2);
  });
}

/** Makes square crops of one size around any place of slices like this one. */
function headCropper(
  slice: PlacedSlice,
  input: Manifest["input"],
  sideMm: number,
  thin: boolean,
): (x: number, y: number) => Crop {
  const { transposed, mirrored } = turnOf(slice.orientation);
  const axis = (length: number, spacingMm: number, size: number, backwards: boolean) => {
    const side = sideMm / spacingMm;
    const scale = HEAD_CROP_SIZE / side;
    const antialiasSigma = scale < BLUR_BELOW_SCALE ? BLUR_SIGMA_PER_STEP / scale : 0;
    const sigma = Math.hypot(antialiasSigma, thin ? THIN_SLICE_SIGMA_MM / spacingMm : 0);
    const blur = sigma > 0 ? gaussianFilter(length, sigma) : undefined;
    const resize = resizing(input.resize, HEAD_CROP_SIZE, size);
    // Boxes lie on a grid: many slices share their centre.
    return kept(String, (centre: number) => {
      const cut = interpolationFilter(length, HEAD_CROP_SIZE, centre - HEAD_CROP_SIZE / 2 / scale, 1 / scale);
      const sharp = composed(cut, resize);
      const filter = blur === undefined ? sharp : composed(blur, sharp);
      // Interpolation counts pixel centres, an area counts pixel edges: half a step apart on both grids.
      const start = centre - side / 2 - 0.5 / scale + 0.5;
      return { filter: backwards ? reversed(filter) : filter, start, end: start + side };
    });
  };
  const [rowSpacingMm, columnSpacingMm] = slice.pixelSpacingMm;
  const [width, height] = transposed ? [input.height, input.width] : [input.width, input.height];
  const [backX, backY] = transposed ? [mirrored.y, mirrored.x] : [mirrored.x, mirrored.y];
  const alongX = axis(slice.columns, columnSpacingMm, width, backX);
  const alongY = axis(slice.rows, rowSpacingMm, height, backY);
  return (centreX, centreY) => {
    const [x, y] = [alongX(centreX), alongY(centreY)];
    return { alongX: x.filter, alongY: y.filter, transposed, area: [x.start, y.start, x.end, y.end] };
  };
}

function wholeSlice({ rows, columns, orientation }: PlacedSlice, input: Manifest["input"]): Crop {
  const { transposed, mirrored } = turnOf(orientation);
  const [width, height] = transposed ? [input.height, input.width] : [input.width, input.height];
  const [backX, backY] = transposed ? [mirrored.y, mirrored.x] : [mirrored.x, mirrored.y];
  const [alongX, alongY] = [resizing(input.resize, columns, width), resizing(input.resize, rows, height)];
  return {
    alongX: backX ? reversed(alongX) : alongX,
    alongY: backY ? reversed(alongY) : alongY,
    transposed,
    area: [0, 0, columns, rows],
  };
}

function resizing(method: Manifest["input"]["resize"], length: number, size: number): AxisFilter {
  return method === "area" ? areaFilter(length, size) : bilinearFilter(length, size);
}

/** Makes once per key what is wanted again and again. */
function kept<In, Out>(keyOf: (input: In) => string, make: (input: In) => Out): (input: In) => Out {
  const made = new Map<string, Out>();
  return (input) => {
    const key = keyOf(input);
    const output = made.get(key) ?? make(input);
    made.set(key, output);
    return output;
  };
}

function extentMm({ rows, columns, pixelSpacingMm }: PlacedSlice): number {
  return Math.max(rows * pixelSpacingMm[0], columns * pixelSpacingMm[1]);
}

function isThin(slice: PlacedSlice, usualThicknessMm: number): boolean {
  return (thicknessMm(slice) ?? usualThicknessMm) < THIN_SLICE_MM;
}

/** From slice to slice, on average: their thickness where they do not say. */
function distanceMm(slices: PlacedSlice[]): number {
  if (slices.length < 2) return Number.POSITIVE_INFINITY;
  return (slices.at(-1)!.positionMm - slices[0]!.positionMm) / (slices.length - 1);
}

/** With linear interpolation between the ranks, as numpy does. */
function percentile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const rank = (sorted.length - 1) * share;
  const below = sorted[Math.floor(rank)]!;
  return below + (sorted[Math.ceil(rank)]! - below) * (rank - Math.floor(rank));
}
