import type { NaturalDataset } from "dcmjs";
import { type CtSlice, readSlice } from "../../src/dicom/slice.ts";
import { buildVolumes, type CtVolume } from "../../src/dicom/volume.ts";
import { ctSeries } from "../../src/phantom/ct-series.ts";
import type { HuVolume } from "../../src/phantom/hu-volume.ts";
import { headPhantom } from "../../src/phantom/phantoms.ts";

/** What a scanner would have sent, decoded again. */
export function decodedSlices(volume: HuVolume, attributes: NaturalDataset = {}): CtSlice[] {
  const series = ctSeries(volume, {
    studyKey: "decoded",
    patientName: "Test^Patient",
    patientId: "1",
    studyDescription: "CT head",
    attributes,
  });
  return series.instances.map(({ bytes }) => readSlice({ bytes, file: null }));
}

/** The first volume that the slices make. */
export function volumeOf(slices: CtSlice[]): CtVolume {
  return buildVolumes(slices, { minSlices: 8 })[0]!;
}

export function headVolume(): CtVolume {
  return volumeOf(decodedSlices(headPhantom()));
}

const BLEED = { centre: [160, 135, 15], halfAxes: [13, 16, 4], hu: 66 } as const;

/** The same with an even ellipsoid of blood on the patient's left: simple, so that its score stays what it is. */
export function bleedingHeadVolume(): CtVolume {
  const head = headPhantom();
  const { columns, rows, hu } = head;
  for (let i = 0; i < hu.length; i++) {
    const voxel = [i % columns, Math.floor(i / columns) % rows, Math.floor(i / (columns * rows))];
    const radius = Math.hypot(...voxel.map((at, axis) => (at - BLEED.centre[axis]!) / BLEED.halfAxes[axis]!));
    if (radius < 1) hu[i] = BLEED.hu;
  }
  return volumeOf(decodedSlices(head));
}

/** Slices of one even HU value each. */
export function evenSlices(hus: number[], { size = 16, spacingMm = 5 } = {}): CtSlice[] {
  const hu = Int16Array.from(hus.flatMap((value) => new Array<number>(size * size).fill(value)));
  return decodedSlices({
    columns: size,
    rows: size,
    slices: hus.length,
    hu,
    pixelSpacingMm: 1,
    sliceSpacingMm: spacingMm,
  });
}
