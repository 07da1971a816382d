import type { NaturalDataset } from "dcmjs";
import { headersFromDataSet } from "../../src/dicom/header.ts";
import { parsePart10 } from "../../src/dicom/part10.ts";
import type { CtSlice } from "../../src/dicom/slice.ts";
import type { InstanceHeader } from "../../src/dicom/source.ts";
import { buildVolumes, type CtVolume } from "../../src/dicom/volume.ts";
import { type CtSeriesOptions, ctSeries } from "../../src/phantom/ct-series.ts";
import type { HuVolume } from "../../src/phantom/hu-volume.ts";
import { headPhantom } from "../../src/phantom/phantoms.ts";

/** What a scanner would have sent, decoded again: its headers, and the very HU that went in. */
export function decodedSlices(
  volume: HuVolume,
  attributes: NaturalDataset = {},
  options: Pick<CtSeriesOptions, "orientation" | "seriesKey"> = {},
): CtSlice[] {
  const series = ctSeries(volume, {
    studyKey: "decoded",
    patientName: "Test^Patient",
    patientId: "1",
    studyDescription: "CT head",
    attributes,
    ...options,
  });
  const { rows, columns } = volume;
  const size = rows * columns;
  return series.instances.map(({ bytes }, z) => {
    const [header] = readHeaders(bytes);
    const hu = volume.hu.slice(z * size, (z + 1) * size);
    return { header: header!, file: null, rows, columns, hu, windowHu: { center: 40, width: 120 } };
  });
}

export function readHeaders(bytes: Uint8Array): InstanceHeader[] {
  return headersFromDataSet(parsePart10(bytes, "a phantom"), "a phantom");
}

/** The first volume that the slices make. */
export function volumeOf(slices: CtSlice[]): CtVolume {
  return buildVolumes(slices, { minSlices: 8 })[0]!;
}

export function headSlices(): CtSlice[] {
  return decodedSlices(headPhantom());
}

export function headVolume(): CtVolume {
  return volumeOf(headSlices());
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
export function evenSlices(hus: number[], { size = 16, spacingMm = 5, pixelSpacingMm = 1 } = {}): CtSlice[] {
  const hu = Int16Array.from(hus.flatMap((value) => new Array<number>(size * size).fill(value)));
  return decodedSlices({
    columns: size,
    rows: size,
    slices: hus.length,
    hu,
    pixelSpacingMm,
    sliceSpacingMm: spacingMm,
  });
}

/** Half as many rows and columns, averaged. */
export function halved(volume: HuVolume): HuVolume {
  const [columns, rows] = [volume.columns / 2, volume.rows / 2];
  const hu = new Int16Array(columns * rows * volume.slices);
  for (let i = 0; i < hu.length; i++) {
    const from = 2 * (i % columns) + 2 * Math.floor(i / columns) * volume.columns;
    const four = [from, from + 1, from + volume.columns, from + volume.columns + 1].map((at) => volume.hu[at]!);
    hu[i] = Math.round(four.reduce((sum, value) => sum + value, 0) / 4);
  }
  return { ...volume, columns, rows, hu, pixelSpacingMm: 2 * volume.pixelSpacingMm };
}
