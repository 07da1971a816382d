import { randomNumbers } from "../random.ts";
import type { Bleed, HuVolume } from "./hu-volume.ts";

/**
 * Generated CT volumes, for tests and for a demo without any download: no anatomy, but enough of a head (skull,
 * cortex, white matter, ventricles, falx, skull base, noise) for the default model to behave as on a real one.
 */

const SIZE = 256;
const SLICES = 30;

/** A generator of normal deviates (Box-Muller) that repeats itself for the same seed. */
function normalDeviates(seed: number): () => number {
  const uniform = randomNumbers(seed);
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}

/** A separable Gaussian blur of one slice, edges repeated. */
function blur(slice: Float32Array, size: number, sigma: number): Float32Array {
  const radius = Math.ceil(3 * sigma);
  const kernel = Array.from({ length: 2 * radius + 1 }, (_, i) => Math.exp(-((i - radius) ** 2) / (2 * sigma ** 2)));
  const total = kernel.reduce((sum, weight) => sum + weight, 0);
  const pass = (source: Float32Array, step: number, other: number) => {
    const target = new Float32Array(source.length);
    for (let line = 0; line < size; line++) {
      for (let i = 0; i < size; i++) {
        let sum = 0;
        for (let k = -radius; k <= radius; k++) {
          const at = Math.min(size - 1, Math.max(0, i + k));
          sum += kernel[k + radius]! * source[line * other + at * step]!;
        }
        target[line * other + i * step] = sum / total;
      }
    }
    return target;
  };
  return pass(pass(slice, 1, size), size, 1);
}

/** The noiseless HU at a place of the head; `height` runs from about -0.5 (skull base) to 1 (vertex). */
function headHu(x: number, y: number, height: number): number {
  const width = height > 0 ? Math.sqrt(Math.max(0.02, 1 - height ** 2)) : 1 - 0.12 * Math.abs(height);
  const radius = Math.hypot((x - 128) / (78 * width), (y - 128) / (98 * width));
  if (radius >= 1.08) return -1000;
  if (radius >= 1.03) return 20; // scalp
  if (radius >= 0.94) return 900; // skull
  let hu = 33 + 2 * Math.sin(x / 9) * Math.cos(y / 11);
  if (radius > 0.88) hu = 22; // cerebrospinal fluid at the rim
  if (radius < 0.7) hu -= 5; // white matter
  if (height > -0.1 && height < 0.55) {
    const ventricle = [-1, 1].some((side) => Math.hypot((x - 128 - side * 14) / 7, (y - 122) / 26) < 1);
    if (ventricle) hu = 8;
  }
  if (Math.abs(x - 128) < 1 && radius < 0.92) hu = 45; // falx
  if (height < -0.5) {
    if (Math.hypot((x - 128) / 30, (y - 100) / 20) < 1) hu = 700; // skull base
    if (Math.hypot((x - 128) / 14, (y - 95) / 9) < 1) hu = -900; // airway
  }
  return hu;
}

function build(
  seed: number,
  slices: number,
  noiseHu: number,
  at: (x: number, y: number, z: number) => number,
): HuVolume {
  const noise = normalDeviates(seed);
  const hu = new Int16Array(slices * SIZE * SIZE);
  const slice = new Float32Array(SIZE * SIZE);
  for (let z = 0; z < slices; z++) {
    for (let y = 0; y < SIZE; y++) for (let x = 0; x < SIZE; x++) slice[y * SIZE + x] = at(x, y, z);
    const smooth = blur(slice, SIZE, 0.8);
    for (let i = 0; i < smooth.length; i++) hu[z * smooth.length + i] = Math.round(smooth[i]! + noiseHu * noise());
  }
  return { columns: SIZE, rows: SIZE, slices, hu, pixelSpacingMm: 0.9, sliceSpacingMm: 5 };
}

/** A head of 30 slices of 5 mm, 256 x 256. */
export function headPhantom(seed = 0): HuVolume {
  return build(seed, SLICES, 4, (x, y, z) => headHu(x, y, (z - SLICES * 0.35) / (SLICES * 0.62)));
}

/** Where the phantom bleeds: an ellipsoid in the left hemisphere, beside the ventricle. */
export const PHANTOM_BLEED: Bleed = { centre: [160, 135, 15], halfAxes: [13, 16, 4], hu: 66 };

/** A chest, which is no head: two lungs, a heart, a spine. */
export function chestPhantom(seed = 0): HuVolume {
  return build(seed, 20, 12, (x, y) => {
    if (Math.hypot((x - 128) / 115, (y - 128) / 80) >= 1) return -1000;
    if (Math.hypot((x - 128) / 14, (y - 185) / 14) < 1) return 450;
    if (Math.hypot((x - 140) / 32, (y - 120) / 34) < 1) return 45;
    if ([80, 178].some((lung) => Math.hypot((x - lung) / 40, (y - 125) / 55) < 1)) return -820;
    return 50;
  });
}
