import type { NaturalDataset } from "dcmjs";
import { ctSeries } from "../../src/demo/ct-series.ts";
import { headPhantom, PHANTOM_BLEED } from "../../src/demo/phantom.ts";
import { type CtVolume as GeneratedVolume, withBleed } from "../../src/demo/volume.ts";
import { type CtSlice, readSlice } from "../../src/dicom/slice.ts";
import { buildVolume, type CtVolume } from "../../src/dicom/volume.ts";

/** What a scanner would have sent, decoded again. */
export function decodedSlices(volume: GeneratedVolume, attributes: NaturalDataset = {}): CtSlice[] {
  const series = ctSeries(volume, {
    studyKey: "decoded",
    patientName: "Test^Patient",
    patientId: "1",
    studyDescription: "CT head",
    attributes,
  });
  return series.instances.map(({ bytes }) => readSlice({ bytes, file: null }));
}

export function headVolume(): CtVolume {
  return buildVolume(decodedSlices(headPhantom()), { minSlices: 8 });
}

export function bleedingHeadVolume(): CtVolume {
  return buildVolume(decodedSlices(withBleed(headPhantom(), PHANTOM_BLEED)), { minSlices: 8 });
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
