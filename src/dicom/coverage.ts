import { type Warning, warning } from "../contract/warning.ts";
import { craniumIn } from "./cranium.ts";
import { fieldOfViewMm, type PlacedSlice, thicknessMm } from "./placed-slice.ts";

/** Whether the slices of a volume, lowest first, show the whole head. */

/**
 * From the foramen magnum to the vertex an adult's brain needs about 120 mm. A brain has a third of its volume at
 * birth, 80 % at two years (Knickmeyer, J Neurosci 2008;28:12176) and 95 % at six (Lenroot and Giedd, Neurosci
 * Biobehav Rev 2006;30:718): its height goes with the cube root.
 */
const WHOLE_HEAD_MM = 120;
const WHOLE_HEAD_OF_CHILD_MM = [
  { belowYears: 2, mm: 90 },
  { belowYears: 6, mm: 110 },
] as const;
/** Where the skull of the highest slice encloses more, a cap of 10 mm or more of brain lies above it (radius 80 mm). */
const VERTEX_CM2 = 50;
/** A slice 5 mm below the top of a head shows that much of it; a holder and pads show less. */
const HEAD_CM2 = 25;
const TISSUE_ABOVE_HU = -20;
/** No head fits into less with its scalp. */
const NARROW_FIELD_MM = 140;
const NARROW_FIELD_OF_INFANT_MM = 100;

export function coverageWarnings(slices: PlacedSlice[], ageYears: number | null): Warning[] {
  const head = withoutAir(slices);
  return [...shortWarnings(head, ageYears), ...vertexWarnings(head.at(-1)!), ...fieldWarnings(slices, ageYears)];
}

/** Slices above and below that show no more than a head holder are no part of the head. */
function withoutAir(slices: PlacedSlice[]): PlacedSlice[] {
  const first = slices.findIndex((slice) => tissueCm2(slice) >= HEAD_CM2);
  if (first === -1) return slices;
  const last = slices.findLastIndex((slice) => tissueCm2(slice) >= HEAD_CM2);
  return slices.slice(first, last + 1);
}

/** What is about as dense as water, or denser; every seventh pixel tells. */
function tissueCm2({ hu, pixelSpacingMm: [rowSpacing, columnSpacing] }: PlacedSlice): number {
  let count = 0;
  for (let i = 0; i < hu.length; i += 7) if (hu[i]! > TISSUE_ABOVE_HU) count++;
  return (7 * count * rowSpacing * columnSpacing) / 100;
}

function shortWarnings(slices: PlacedSlice[], ageYears: number | null): Warning[] {
  const [lowest, highest] = [slices[0]!, slices.at(-1)!];
  const betweenMm = highest.positionMm - lowest.positionMm;
  const usualMm = betweenMm / Math.max(1, slices.length - 1);
  const half = (slice: PlacedSlice) => (thicknessMm(slice) ?? usualMm) / 2;
  const coveredMm = Math.round(betweenMm + half(lowest) + half(highest));
  const child = WHOLE_HEAD_OF_CHILD_MM.find(({ belowYears }) => ageYears !== null && ageYears < belowYears);
  if (coveredMm >= (child?.mm ?? WHOLE_HEAD_MM)) return [];
  const message = `The slices cover only ${coveredMm} mm: parts of the head may be missing.`;
  return [warning("partial-coverage", message, `only ${coveredMm} mm of the head covered`)];
}

function vertexWarnings(highest: PlacedSlice): Warning[] {
  const enclosedCm2 = craniumIn(highest)?.enclosedCm2 ?? 0;
  if (enclosedCm2 <= VERTEX_CM2) return [];
  return [warning("vertex-missing", "The highest slice still shows brain: the vertex is cut off.", "vertex cut off")];
}

function fieldWarnings(slices: PlacedSlice[], ageYears: number | null): Warning[] {
  const neededMm = ageYears !== null && ageYears < 2 ? NARROW_FIELD_OF_INFANT_MM : NARROW_FIELD_MM;
  const narrow = slices.filter((slice) => fieldOfViewMm(slice) < neededMm).length;
  if (narrow === 0) return [];
  const what = `${narrow} of ${slices.length} slices`;
  return [warning("narrow-field", `${what} are too narrow for a whole head.`, `${what} show a part of the head only`)];
}
