import { type Warning, warning } from "../contract/warning.ts";
import { angleDeg, median, sliceNormal, subtract, type Vector } from "./geometry.ts";
import { type PlacedSlice, thicknessMm } from "./placed-slice.ts";

/** Checks on how the slices of a volume follow each other; all are in order, lowest first. */

/** Slices closer than this lie in the same place. */
export const SAME_PLACE_MM = 0.05;
/** A step this much longer than usual, or longer than a slice is thick, hides something. */
const GAP_FACTOR = 1.6;
const SMALLEST_GAP_MM = 0.5;
/**
 * How much may lie between two slices that neither of them sampled, even where all are equally far apart: more hides
 * a bleed of the size of a pea. Where the thickness is unknown nothing between the slices counts as sampled.
 */
const MAX_UNSAMPLED_MM = 6;
/** Slices much thicker than they lie apart are none: what they claim must not cover a gap. */
const MAX_THICKNESS_STEPS = 4;
const UNEVEN_SHARE = 0.1;
/** So many equal steps in a row are planned: the base of the skull is often scanned more finely than the vault. */
const PLANNED_STEPS = 8;
const TILT_DEG = 1;
/** Planes closer than this to each other count as parallel. */
export const PARALLEL_DEG = 1;
/** From the middle of the head to its edge, where planes that are not parallel lie further apart than in the middle. */
const HEAD_RADIUS_MM = 90;

interface Step {
  /** Index of the slice below. */
  below: number;
  lengthMm: number;
  /** As far as the next slice may lie away without a hole. */
  expectedMm: number;
  unsampledMm: number;
}

export function spacingWarnings(slices: PlacedSlice[]): Warning[] {
  if (slices.length < 2) return [];
  const lengths = slices.slice(1).map((slice, i) => slice.positionMm - slices[i]!.positionMm);
  const usual = median(lengths);
  // Where the thickness is stated, it tells what is expected.
  const planned = slices.every((slice) => thicknessMm(slice) === null) ? plannedMm(lengths) : [];
  const steps = lengths.map((length, i) =>
    stepBetween(slices[i]!, slices[i + 1]!, i, length, Math.max(usual, planned[i] ?? 0)),
  );
  const gaps = steps.filter(
    ({ lengthMm, expectedMm }) => lengthMm > Math.max(GAP_FACTOR * expectedMm, expectedMm + SMALLEST_GAP_MM),
  );
  const sparse = steps.filter((step) => step.unsampledMm > MAX_UNSAMPLED_MM && !gaps.includes(step));
  return [...gapWarnings(gaps), ...sparseWarnings(sparse), ...(gaps.length > 0 ? [] : unevenWarnings(lengths, usual))];
}

function stepBetween(below: PlacedSlice, above: PlacedSlice, index: number, length: number, usual: number): Step {
  const angle = angleDeg(sliceNormal(below.orientation), sliceNormal(above.orientation));
  const wedgeMm = angle > PARALLEL_DEG ? HEAD_RADIUS_MM * Math.sin((angle * Math.PI) / 180) : 0;
  const lengthMm = length + wedgeMm;
  const [lower, upper] = [below, above].map((slice) => {
    const thickness = thicknessMm(slice);
    return thickness !== null && thickness <= MAX_THICKNESS_STEPS * usual ? thickness : null;
  });
  return {
    below: index,
    lengthMm,
    expectedMm: Math.max(usual, lower ?? 0, upper ?? 0),
    unsampledMm: lengthMm - ((lower ?? 0) + (upper ?? 0)) / 2,
  };
}

/** For each step its own length where it is one of many equal ones in a row, else 0. */
function plannedMm(lengths: number[]): number[] {
  const isLike = (a: number, b: number) => Math.abs(a - b) <= UNEVEN_SHARE * a + SAME_PLACE_MM;
  return lengths.map((length, i) => {
    let [from, to] = [i, i];
    while (from > 0 && isLike(length, lengths[from - 1]!)) from--;
    while (to + 1 < lengths.length && isLike(length, lengths[to + 1]!)) to++;
    return to - from + 1 >= PLANNED_STEPS ? length : 0;
  });
}

function gapWarnings(gaps: Step[]): Warning[] {
  if (gaps.length === 0) return [];
  const longest = gaps.reduce((a, b) => (b.lengthMm > a.lengthMm ? b : a));
  const length = longest.lengthMm.toFixed(1);
  const between = `between slices ${longest.below + 1} and ${longest.below + 2}`;
  return gaps.length === 1
    ? [warning("gap", `There is a gap of ${length} mm ${between}: a slice may be missing.`, `gap of ${mm(length)} mm`)]
    : [
        warning(
          "gap",
          `There are ${gaps.length} gaps between slices, the longest of ${length} mm ${between}: slices may be missing.`,
          `${gaps.length} gaps of up to ${mm(length)} mm`,
        ),
      ];
}

function sparseWarnings(sparse: Step[]): Warning[] {
  if (sparse.length === 0) return [];
  const most = mm(Math.max(...sparse.map(({ unsampledMm }) => unsampledMm)).toFixed(1));
  const message = `Up to ${most} mm of the head between neighbouring slices were not sampled (at ${sparse.length} places).`;
  return [warning("sparse-slices", message, `${most} mm between slices not sampled`)];
}

function unevenWarnings(lengths: number[], usual: number): Warning[] {
  const [shortest, longest] = [Math.min(...lengths), Math.max(...lengths)];
  if (longest - shortest <= UNEVEN_SHARE * usual + SAME_PLACE_MM) return [];
  const range = `${shortest.toFixed(1)} to ${longest.toFixed(1)} mm`;
  return [warning("variable-spacing", `The distance between slices varies from ${range}.`)];
}

/** "10.0" -> "10" */
function mm(text: string): string {
  return text.replace(/\.0$/, "");
}

/** A tilted gantry shifts each slice within its own plane: the stack runs at an angle to the normal. */
export function tiltWarnings(slices: PlacedSlice[], normal: Vector): Warning[] {
  if (slices.length < 2) return [];
  // By the median, so that one step between two fields of view is no tilt.
  const angles = slices.slice(1).map((slice, i) => angleDeg(subtract(slice.centreMm, slices[i]!.centreMm), normal));
  const tilt = median(angles);
  if (tilt <= TILT_DEG) return [];
  return [warning("gantry-tilt", `The gantry was tilted by ${tilt.toFixed(1)}°; slices were read as they are.`)];
}
