import type { NaturalDataset } from "dcmjs";
import { type CtSlice, readSlices } from "../../src/dicom/slice.ts";
import { ctSeries } from "../../src/phantom/ct-series.ts";

/** One CT image whose stored pixel words are exactly these; rows and columns follow from their number. */
export function ctImage(words: number[], attributes: NaturalDataset = {}): Uint8Array {
  const size = Math.sqrt(words.length);
  const volume = {
    columns: size,
    rows: size,
    slices: 1,
    hu: new Int16Array(words.length),
    pixelSpacingMm: 1,
    sliceSpacingMm: 5,
  };
  const [instance] = ctSeries(volume, {
    studyKey: "one image",
    patientName: "Test^Patient",
    patientId: "1",
    studyDescription: "CT head",
    attributes: { PixelData: Uint16Array.from(words).buffer, ...attributes },
  }).instances;
  return instance!.bytes;
}

/** The only slice of a file. */
export async function onlySlice(bytes: Uint8Array, file: string | null = null): Promise<CtSlice> {
  const [slice, ...others] = await readSlices({ bytes, file });
  if (slice === undefined || others.length > 0) throw new Error(`${others.length + 1} slices instead of one`);
  return slice;
}
