import { gaussianFilter, resample } from "../../ai/resample.ts";
import { SIZE, type SmallImages } from "./image-print.ts";

/** Blurred away, what is left is detail: two heads of one shape differ in it. */
const COARSE_SIGMA = 2;
/** A crop moves and stretches the image a little. */
const MOST_SHIFT = 2;
const MARGIN = 2 * MOST_SHIFT;
/** Hundredths of a HU, so that they survive as whole numbers. */
const FINENESS = 100;

const TABLE = Float32Array.from({ length: 65536 }, (_, i) => (i - 32768) / FINENESS);
const BLUR = gaussianFilter(SIZE, COARSE_SIGMA);

/**
 * How alike two images are in their detail: the highest correlation over small shifts, of the whole or of the head, as it is
 * or mirrored. Copies reach .85 and more, different heads .76 at most (2,471 slices of 82 patients).
 */
export function likeness(a: SmallImages, b: SmallImages): number {
  const correlations = (["whole", "head"] as const).flatMap((frame) => {
    const [one, other] = [detailOf(a[frame]), detailOf(b[frame])];
    return [highestCorrelation(one, other), highestCorrelation(one, mirroredImage(other))];
  });
  return Math.max(...correlations);
}

export const COPIES_FROM = 0.82;

function detailOf(image: Float32Array): Float32Array {
  const pixels = Int16Array.from(image, (hu) => Math.round(hu * FINENESS));
  const coarse = resample({ pixels, columns: SIZE, table: TABLE }, BLUR, BLUR);
  return image.map((hu, i) => hu - coarse[i]!);
}

function mirroredImage(image: Float32Array): Float32Array {
  return image.map((_, i) => image[i - (i % SIZE) + SIZE - 1 - (i % SIZE)]!);
}

function highestCorrelation(a: Float32Array, b: Float32Array): number {
  let highest = -1;
  for (let y = -MOST_SHIFT; y <= MOST_SHIFT; y++)
    for (let x = -MOST_SHIFT; x <= MOST_SHIFT; x++) highest = Math.max(highest, correlation(a, b, y * SIZE + x));
  return highest;
}

function correlation(a: Float32Array, b: Float32Array, shift: number): number {
  let [n, sumA, sumB, sumAA, sumBB, sumAB] = [0, 0, 0, 0, 0, 0];
  for (let y = MARGIN; y < SIZE - MARGIN; y++) {
    for (let i = y * SIZE + MARGIN; i < y * SIZE + SIZE - MARGIN; i++) {
      const [p, q] = [a[i]!, b[i + shift]!];
      sumA += p;
      sumB += q;
      sumAA += p * p;
      sumBB += q * q;
      sumAB += p * q;
      n++;
    }
  }
  const variances = (sumAA - (sumA * sumA) / n) * (sumBB - (sumB * sumB) / n);
  return variances <= 0 ? 0 : (sumAB - (sumA * sumB) / n) / Math.sqrt(variances);
}
