import type { NaturalDataset } from "dcmjs";
import { headersFromDataSet } from "../../src/dicom/header.ts";
import { parsePart10 } from "../../src/dicom/part10.ts";
import type { CtSlice } from "../../src/dicom/slice.ts";
import { buildVolume, type CtVolume } from "../../src/dicom/volume.ts";
import { ctSeries } from "../../src/phantom/ct-series.ts";
import type { HuVolume } from "../../src/phantom/hu-volume.ts";
import { headPhantom } from "../../src/phantom/phantoms.ts";

/** What a scanner would have sent, decoded again: its headers, and the very HU that went in. */
export function decodedSlices(volume: HuVolume, attributes: NaturalDataset = {}): CtSlice[] {
  const series = ctSeries(volume, {
    studyKey: "decoded",
    patientName: "Test^Patient",
    patientId: "1",
    studyDescription: "CT head",
    attributes,
  });
  const { rows, columns } = volume;
  const size = rows * columns;
  return series.instances.map(({ bytes }, z) => {
    const [header] = headersFromDataSet(parsePart10(bytes, "a phantom"), "a phantom");
    const hu = volume.hu.slice(z * size, (z + 1) * size);
    return { header: header!, file: null, rows, columns, hu, windowHu: { center: 40, width: 120 } };
  });
}

export function headVolume(): CtVolume {
  return buildVolume(decodedSlices(headPhantom()), { minSlices: 8 });
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
  return buildVolume(decodedSlices(head), { minSlices: 8 });
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
