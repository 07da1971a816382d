/** A CT volume in HU, rows from the front of the head to the back, columns from its right to its left, slices upwards. */
export interface HuVolume {
  columns: number;
  rows: number;
  slices: number;
  /** slices x rows x columns */
  hu: Int16Array;
  pixelSpacingMm: number;
  sliceSpacingMm: number;
}

/** A haemorrhage to draw: centre and half axes in voxels (column, row, slice). */
export interface Bleed {
  centre: [number, number, number];
  halfAxes: [number, number, number];
  hu: number;
}

/** How much further out or in than the ellipsoid the edge of a bleed may lie, in radii. */
const UNEVENNESS = 0.16;
/** Where the oedema around a bleed ends, in radii of the bleed. */
const OEDEMA_END = 1.45;
const OEDEMA_HU = -13;
/** Only what looks like brain swells, not the fluid and the bone beside it. */
const BRAIN_HU = [18, 55] as const;
const MEAN_BRAIN_HU = 33;

/** A copy of the volume with fresh blood in it: an uneven lump with a dark rim of oedema, as noisy as its surroundings. */
export function withBleed(volume: HuVolume, bleed: Bleed): HuVolume {
  const hu = volume.hu.slice();
  const [cx, cy, cz] = bleed.centre;
  const [ax, ay, az] = bleed.halfAxes.map((axis) => axis * OEDEMA_END * (1 + UNEVENNESS)) as Bleed["halfAxes"];
  for (let z = Math.max(0, Math.ceil(cz - az)); z <= Math.min(volume.slices - 1, cz + az); z++) {
    for (let y = Math.ceil(cy - ay); y <= cy + ay; y++) {
      for (let x = Math.ceil(cx - ax); x <= cx + ax; x++) {
        const index = (z * volume.rows + y) * volume.columns + x;
        hu[index] = bleedingHu(hu[index]!, radii(bleed, x, y, z), bleed.hu);
      }
    }
  }
  return { ...volume, hu };
}

/** How far a voxel lies from the centre, 1 = at the edge of the bleed, which is uneven. */
function radii({ centre, halfAxes }: Bleed, ...voxel: [number, number, number]): number {
  const [x, y, z] = voxel.map((at, axis) => (at - centre[axis]!) / halfAxes[axis]!) as [number, number, number];
  const angle = Math.atan2(y, x);
  // Around the axis the angle means nothing, so its bumps grow from there.
  const around =
    Math.min(1, Math.hypot(x, y)) * (0.5 * Math.sin(3 * angle + 2 * z) + 0.3 * Math.sin(5 * angle - 3 * z));
  const bumps = around + 0.2 * Math.sin(4 * z + 2);
  return Math.hypot(x, y, z) / (1 + UNEVENNESS * bumps);
}

function bleedingHu(tissueHu: number, radius: number, bloodHu: number): number {
  if (radius < 1) {
    const noiseHu = Math.max(-8, Math.min(8, (tissueHu - MEAN_BRAIN_HU) / 2));
    // The outermost shell is mixed with the tissue around it, as partial volume does.
    const share = Math.min(1, (1 - radius) / 0.15);
    return Math.round(share * (bloodHu + noiseHu) + (1 - share) * tissueHu);
  }
  const isBrain = tissueHu >= BRAIN_HU[0] && tissueHu <= BRAIN_HU[1];
  if (radius >= OEDEMA_END || !isBrain) return tissueHu;
  return Math.round(tissueHu + OEDEMA_HU * ((OEDEMA_END - radius) / (OEDEMA_END - 1)));
}

/** Averages groups of neighbouring slices into thicker ones, as a scanner reconstructs 5 mm slabs. */
export function averageSlabs(volume: HuVolume, group: number): HuVolume {
  const slices = Math.floor(volume.slices / group);
  const size = volume.rows * volume.columns;
  const hu = new Int16Array(slices * size);
  for (let slab = 0; slab < slices; slab++) {
    for (let i = 0; i < size; i++) {
      let sum = 0;
      for (let k = 0; k < group; k++) sum += volume.hu[(slab * group + k) * size + i]!;
      hu[slab * size + i] = Math.round(sum / group);
    }
  }
  return { ...volume, slices, hu, sliceSpacingMm: volume.sliceSpacingMm * group };
}
