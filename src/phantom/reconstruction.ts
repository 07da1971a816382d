import type { HuVolume } from "./hu-volume.ts";

/** What a scanner makes of the same data besides the soft-tissue slices: enough to have series to choose from. */

const SHARPENING = 1.5;

/** Edges enhanced in the plane, as a bone kernel does: crisp bone, noisy brain. */
export function boneKernel(volume: HuVolume): HuVolume {
  const { rows, columns } = volume;
  const hu = volume.hu.slice();
  for (let z = 0; z < volume.slices; z++) {
    for (let y = 1; y < rows - 1; y++) {
      for (let x = 1; x < columns - 1; x++) {
        const index = (z * rows + y) * columns + x;
        const here = volume.hu[index]!;
        const neighbours =
          volume.hu[index - 1]! + volume.hu[index + 1]! + volume.hu[index - columns]! + volume.hu[index + columns]!;
        hu[index] = Math.max(-1024, Math.min(3071, Math.round(here + SHARPENING * (here - neighbours / 4))));
      }
    }
  }
  return { ...volume, hu };
}

/** The view from the front, one image: its columns are the volume's, its rows the slices from the top down. */
export function frontalProjection(volume: HuVolume): HuVolume {
  const { rows, columns, slices } = volume;
  const hu = new Int16Array(slices * columns);
  for (let z = 0; z < slices; z++) {
    for (let x = 0; x < columns; x++) {
      let sum = 0;
      for (let y = 0; y < rows; y++) sum += volume.hu[(z * rows + y) * columns + x]!;
      hu[(slices - 1 - z) * columns + x] = Math.round(sum / rows);
    }
  }
  return { ...volume, hu, rows: slices, slices: 1 };
}
