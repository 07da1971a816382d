import { setImmediate as nextTurn } from "node:timers/promises";
import type { Box } from "../contract/finding.ts";
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

/** How one slice becomes an input of the model. */
export interface Crop {
  alongX: AxisFilter;
  alongY: AxisFilter;
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

/** One crop per slice: a square of the same size for all around each slice's own head, or the whole slice. */
export async function planCrops(volume: CtVolume, input: Manifest["input"]): Promise<Crop[]> {
  if (input.crop === "none") {
    const whole = wholeSlice(volume, input);
    return volume.slices.map(() => whole);
  }
  const { rows, columns } = volume;
  const findHead = headFinder(rows, columns);
  const boxes: (HeadBox | null)[] = [];
  for (const { hu } of volume.slices) {
    boxes.push(findHead(hu));
    await nextTurn();
  }
  const sizes = boxes.flatMap((box) => (box === null ? [] : Math.max(box.width, box.height)));
  const side = sizes.length > 0 ? percentile(sizes, HEAD_SIZE_PERCENTILE) * HEAD_MARGIN : Math.max(rows, columns);
  const crop = headCropper(volume, input, side);
  return boxes.map((box) => crop(box?.centreX ?? columns / 2, box?.centreY ?? rows / 2));
}

/** Makes square crops of one size around any place. */
function headCropper(volume: CtVolume, input: Manifest["input"], side: number): (x: number, y: number) => Crop {
  const scale = HEAD_CROP_SIZE / side;
  const thinSigmaMm = sliceThicknessMm(volume) < THIN_SLICE_MM ? THIN_SLICE_SIGMA_MM : 0;
  const antialiasSigma = scale < BLUR_BELOW_SCALE ? BLUR_SIGMA_PER_STEP / scale : 0;
  const axis = (length: number, spacingMm: number, size: number) => {
    const sigma = Math.hypot(antialiasSigma, thinSigmaMm / spacingMm);
    const blur = sigma > 0 ? gaussianFilter(length, sigma) : undefined;
    const resize = resizing(input.resize, HEAD_CROP_SIZE, size);
    return (centre: number) => {
      const cut = interpolationFilter(length, HEAD_CROP_SIZE, centre - HEAD_CROP_SIZE / 2 / scale, 1 / scale);
      const sharp = composed(cut, resize);
      return blur === undefined ? sharp : composed(blur, sharp);
    };
  };
  const [rowSpacingMm, columnSpacingMm] = volume.pixelSpacingMm;
  const alongX = axis(volume.columns, columnSpacingMm, input.width);
  const alongY = axis(volume.rows, rowSpacingMm, input.height);
  // Interpolation counts pixel centres, an area counts pixel edges: half a step apart on both grids.
  const start = (centre: number) => centre - side / 2 - 0.5 / scale + 0.5;
  return (x, y) => {
    const [left, top] = [start(x), start(y)];
    return turned(volume, { alongX: alongX(x), alongY: alongY(y), area: [left, top, left + side, top + side] });
  };
}

function wholeSlice(volume: CtVolume, input: Manifest["input"]): Crop {
  return turned(volume, {
    alongX: resizing(input.resize, volume.columns, input.width),
    alongY: resizing(input.resize, volume.rows, input.height),
    area: [0, 0, volume.columns, volume.rows],
  });
}

function resizing(method: Manifest["input"]["resize"], length: number, size: number): AxisFilter {
  return method === "area" ? areaFilter(length, size) : bilinearFilter(length, size);
}

/** Whether a slice is stored mirrored against the usual view: the patient's right on the left, the face on top. */
export function mirroring({ orientation }: CtVolume): { x: boolean; y: boolean } {
  return { x: orientation[0] < 0, y: orientation[4] < 0 };
}

function turned(volume: CtVolume, crop: Crop): Crop {
  const mirrored = mirroring(volume);
  return {
    alongX: mirrored.x ? reversed(crop.alongX) : crop.alongX,
    alongY: mirrored.y ? reversed(crop.alongY) : crop.alongY,
    area: crop.area,
  };
}

function sliceThicknessMm({ sliceThicknessMm: stated, slices }: CtVolume): number {
  if (stated !== null || slices.length < 2) return stated ?? Number.POSITIVE_INFINITY;
  return (slices.at(-1)!.positionMm - slices[0]!.positionMm) / (slices.length - 1);
}

/** With linear interpolation between the ranks, as numpy does. */
function percentile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const rank = (sorted.length - 1) * share;
  const below = sorted[Math.floor(rank)]!;
  return below + (sorted[Math.ceil(rank)]! - below) * (rank - Math.floor(rank));
}
