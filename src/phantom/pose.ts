import { columnDirection, type Orientation, rowDirection, type Vector } from "../dicom/geometry.ts";
import type { HuVolume } from "./hu-volume.ts";

/** How a patient lies in the scanner, and how the scanner stores what it sees. */

const AIR_HU = -1000;

/** The head turned within the slices, its face towards the patient's left where the angle is positive. */
export function turnedHead(volume: HuVolume, angleDeg: number): HuVolume {
  const angle = (angleDeg * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const [middleX, middleY] = [(volume.columns - 1) / 2, (volume.rows - 1) / 2];
  return remade(volume, (x, y) => {
    const [dx, dy] = [x - middleX, y - middleY];
    return [Math.round(cos * dx + sin * dy + middleX), Math.round(cos * dy - sin * dx + middleY)];
  });
}

/**
 * The same head, stored with other directions of rows and columns: a quarter or half turn, or mirrored. For a volume
 * of square slices.
 */
export function storedAs(volume: HuVolume, orientation: Orientation): HuVolume {
  const size = volume.columns - 1;
  const along = (direction: Vector, axis: 0 | 1, at: number) =>
    (direction[axis] < 0 ? size - at : at) * Math.abs(direction[axis]);
  const [row, column] = [rowDirection(orientation), columnDirection(orientation)];
  return remade(volume, (x, y) => [along(row, 0, x) + along(column, 0, y), along(row, 1, x) + along(column, 1, y)]);
}

/** An arm beside the head, on the patient's left: skin, muscle, and a bone in the middle. */
export function withArm(volume: HuVolume): HuVolume {
  const centre = [0.93 * volume.columns, 0.5 * volume.rows] as const;
  const radius = (x: number, y: number) => Math.hypot(x - centre[0], y - centre[1]) / volume.columns;
  return drawn(volume, (x, y, hu) => (radius(x, y) < 0.025 ? 900 : radius(x, y) < 0.065 ? 55 : hu));
}

/** A head holder: a thin hard shell behind the head, and off to one side. */
export function withHeadHolder(volume: HuVolume): HuVolume {
  const { columns, rows } = volume;
  return drawn(volume, (x, y, hu) => {
    const radius = Math.hypot((x - 0.47 * columns) / 0.4, (y - 0.5 * rows) / 0.46) / columns;
    return y > 0.6 * rows && radius > 0.98 && radius < 1.03 && hu < -500 ? 320 : hu;
  });
}

/** Each pixel from where `from` says, air from beyond the image. */
function remade(volume: HuVolume, from: (x: number, y: number) => [number, number]): HuVolume {
  const { columns, rows, slices } = volume;
  const hu = new Int16Array(volume.hu.length).fill(AIR_HU);
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      const [fromX, fromY] = from(x, y);
      if (fromX < 0 || fromY < 0 || fromX >= columns || fromY >= rows) continue;
      for (let z = 0; z < slices; z++) {
        const slice = z * rows * columns;
        hu[slice + y * columns + x] = volume.hu[slice + fromY * columns + fromX]!;
      }
    }
  }
  return { ...volume, hu };
}

function drawn(volume: HuVolume, at: (x: number, y: number, hu: number) => number): HuVolume {
  const { columns, rows } = volume;
  const hu = volume.hu.map((value, i) => at(i % columns, Math.floor(i / columns) % rows, value));
  return { ...volume, hu };
}
