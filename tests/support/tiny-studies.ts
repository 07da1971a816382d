import type { NaturalDataset } from "dcmjs";
import { type CtSeries, ctSeries } from "../../src/phantom/ct-series.ts";
import type { HuVolume } from "../../src/phantom/hu-volume.ts";
import { headPhantom } from "../../src/phantom/phantoms.ts";

let tiny: HuVolume | undefined;

/** The head of 30 slices, coarse: 64 x 64 pixels and 8 slices. */
export function tinyHead(): HuVolume {
  if (tiny !== undefined) return tiny;
  const head = headPhantom();
  const [step, every, size, slices] = [4, 3, 64, 8];
  const hu = new Int16Array(slices * size * size);
  for (let z = 0; z < slices; z++)
    for (let y = 0; y < size; y++)
      for (let x = 0; x < size; x++)
        hu[(z * size + y) * size + x] = head.hu[(z * every * head.rows + y * step) * head.columns + x * step]!;
  tiny = { ...head, rows: size, columns: size, slices, hu, pixelSpacingMm: 3.6, sliceSpacingMm: 15 };
  return tiny;
}

/** A head CT of 70 KB; another key makes another study of another patient. */
export function tinyStudy(key: string, attributes: NaturalDataset = {}, seriesKey = "axial"): CtSeries {
  return ctSeries(tinyHead(), {
    studyKey: key,
    seriesKey,
    patientName: `${key}^Test`,
    patientId: key,
    studyDescription: "CT head",
    studyDate: "20260115",
    attributes,
  });
}
