import { type Warning, warning } from "../contract/warning.ts";
import { angleDeg, median, subtract, type Vector } from "./geometry.ts";

/** Checks on how the slices of a volume follow each other; all positions are in order, lowest first. */

/** Slices closer than this lie in the same place. */
export const SAME_PLACE_MM = 0.05;
/** A step this much longer than usual, or longer than a slice is thick, hides something. */
const GAP_FACTOR = 1.6;
const UNEVEN_SHARE = 0.1;
const TILT_DEG = 1;
/** From the foramen magnum to the vertex an adult's brain needs about 120 mm, a newborn's about 90. */
const WHOLE_HEAD_MM = 90;

interface Layer {
  positionMm: number;
  thicknessMm: number | null;
}

export function spacingWarnings(layers: Layer[]): Warning[] {
  const warnings: Warning[] = [];
  const steps = layers.slice(1).map((layer, i) => layer.positionMm - layers[i]!.positionMm);
  if (steps.length === 0) return warnings;
  const usual = median(steps);
  const longest = Math.max(...steps);
  const thicknessMm = (i: number) => layers[i]!.thicknessMm ?? usual;
  const expected = (i: number) => Math.max(usual, thicknessMm(i), thicknessMm(i + 1));
  const gaps = steps.flatMap((step, i) => (step > GAP_FACTOR * expected(i) ? [i] : []));
  for (const gap of gaps.slice(0, 3)) {
    const length = steps[gap]!.toFixed(1);
    warnings.push(
      warning(
        "gap",
        `There is a gap of ${length} mm between slices ${gap + 1} and ${gap + 2}: a slice may be missing.`,
      ),
    );
  }
  if (gaps.length > 3) warnings.push(warning("gap", `There are ${gaps.length - 3} more gaps between slices.`));
  const shortest = Math.min(...steps);
  if (gaps.length === 0 && longest - shortest > UNEVEN_SHARE * usual + SAME_PLACE_MM) {
    const range = `${shortest.toFixed(1)} to ${longest.toFixed(1)} mm`;
    warnings.push(warning("variable-spacing", `The distance between slices varies from ${range}.`));
  }
  const covered = layers.at(-1)!.positionMm - layers[0]!.positionMm + thicknessMm(0);
  if (covered < WHOLE_HEAD_MM) {
    const message = `The series covers only ${covered.toFixed(0)} mm: parts of the head may be missing.`;
    warnings.push(warning("partial-coverage", message));
  }
  return warnings;
}

/** A tilted gantry shifts each slice within its own plane: the stack runs at an angle to the normal. */
export function tiltWarnings(corners: Vector[], normal: Vector): Warning[] {
  if (corners.length < 2) return [];
  const tilt = angleDeg(subtract(corners.at(-1)!, corners[0]!), normal);
  if (tilt <= TILT_DEG) return [];
  return [warning("gantry-tilt", `The gantry was tilted by ${tilt.toFixed(1)}°; slices were read as they are.`)];
}
