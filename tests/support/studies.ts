import type { NaturalDataset } from "dcmjs";
import { type CtSeries, ctSeries } from "../../src/phantom/ct-series.ts";
import { type HuVolume, withBleed } from "../../src/phantom/hu-volume.ts";
import { chestPhantom, headPhantom, PHANTOM_BLEED } from "../../src/phantom/phantoms.ts";

let head: HuVolume | undefined;

function plainHead(): HuVolume {
  head ??= headPhantom();
  return head;
}

/** A head CT without a bleed; another key makes another study. */
export function headStudy(key: string): CtSeries {
  return study(plainHead(), key, "CT head");
}

export function bleedingHeadStudy(key: string): CtSeries {
  return study(withBleed(plainHead(), PHANTOM_BLEED), key, "CT head");
}

export function chestStudy(key: string, attributes: NaturalDataset = {}): CtSeries {
  return ctSeries(chestPhantom(), {
    studyKey: key,
    patientName: `${key}^Test`,
    patientId: key,
    studyDescription: "CT chest",
    seriesDescription: "Chest 5.0 B31s",
    bodyPart: "CHEST",
    attributes,
  });
}

function study(volume: HuVolume, key: string, studyDescription: string): CtSeries {
  return ctSeries(volume, { studyKey: key, patientName: `${key}^Test`, patientId: key, studyDescription });
}

export function filesOf(series: CtSeries): Uint8Array[] {
  return series.instances.map((instance) => instance.bytes);
}
