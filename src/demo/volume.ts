/** A CT volume in HU, rows from the front of the head to the back, columns from its right to its left, slices upwards. */
export interface CtVolume {
  columns: number;
  rows: number;
  slices: number;
  /** slices x rows x columns */
  hu: Int16Array;
  pixelSpacingMm: number;
  sliceSpacingMm: number;
}

/** An ellipsoid of blood to draw: centre and half axes in voxels (column, row, slice). */
export interface Bleed {
  centre: [number, number, number];
  halfAxes: [number, number, number];
  hu: number;
}

/** A copy of the volume with fresh blood drawn into it, keeping the noise of the tissue beneath. */
export function withBleed(volume: CtVolume, bleed: Bleed): CtVolume {
  const hu = volume.hu.slice();
  const [cx, cy, cz] = bleed.centre;
  const [ax, ay, az] = bleed.halfAxes;
  for (let z = Math.max(0, Math.ceil(cz - az)); z <= Math.min(volume.slices - 1, cz + az); z++) {
    for (let y = Math.ceil(cy - ay); y <= cy + ay; y++) {
      for (let x = Math.ceil(cx - ax); x <= cx + ax; x++) {
        const distance = ((x - cx) / ax) ** 2 + ((y - cy) / ay) ** 2 + ((z - cz) / az) ** 2;
        if (distance >= 1) continue;
        const index = (z * volume.rows + y) * volume.columns + x;
        const noise = Math.max(-8, Math.min(8, (hu[index]! - 33) / 2));
        // The outermost shell is mixed with the tissue around it, as partial volume does.
        const share = Math.min(1, (1 - distance) / 0.25);
        hu[index] = Math.round(share * (bleed.hu + noise) + (1 - share) * hu[index]!);
      }
    }
  }
  return { ...volume, hu };
}

/** Averages groups of neighbouring slices into thicker ones, as a scanner reconstructs 5 mm slabs. */
export function averageSlabs(volume: CtVolume, group: number): CtVolume {
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
