import type { Finding } from "../../src/contract/finding.ts";
import type { StudyResource } from "../../src/contract/study.ts";
import { type CtSeries, type CtSeriesOptions, ctSeries } from "../../src/phantom/ct-series.ts";
import { type HuVolume, withBleed } from "../../src/phantom/hu-volume.ts";
import { headPhantom, PHANTOM_BLEED } from "../../src/phantom/phantoms.ts";
import { madeStudy, slicesOfImages } from "./made-study.ts";

/** One patient's studies: today's bleeds, the prior does not, and one that the service has never heard of. */

const head = headPhantom();

function shifted(volume: HuVolume): HuVolume {
  const size = volume.rows * volume.columns;
  const slices = volume.slices - PRIOR_STARTS_AT + AIR_SLICES;
  const hu = new Int16Array(slices * size).fill(-1000);
  hu.set(volume.hu.subarray(PRIOR_STARTS_AT * size));
  return { ...volume, slices, hu };
}

function series(studyKey: string, studyDate: string, changes: Partial<CtSeriesOptions> = {}, volume = head): CtSeries {
  return ctSeries(volume, {
    studyKey: `panel ${studyKey}`,
    patientName: "Okafor^Ada",
    patientId: "PANEL-1",
    studyDescription: "CT head w/o contrast",
    seriesDescription: "Head 5.0 H31s",
    studyDate,
    attributes: { PatientSex: "F", PatientAge: "068Y" },
    ...changes,
  });
}

export const today = series("today", "20261124", {}, withBleed(head, PHANTOM_BLEED));
/** Begins four slices higher in the same head, and goes on above it: three slices of air. */
export const PRIOR_STARTS_AT = 4;
const AIR_SLICES = 3;
export const prior = series("prior", "20261122", {}, shifted(withBleed(head, PHANTOM_BLEED)));
export const stranger = series("stranger", "20251103");
export const bone = series("today", "20261124", {
  seriesKey: "bone",
  seriesDescription: "Head 1.0 H60s",
  convolutionKernel: "H60s",
});

/** From below, as people count: the two key slices of the verdict, and one that only the kind has. */
export const KEY = { best: 18, second: 16, ofKind: 20 };

function keySlice(z: number) {
  const box: [number, number, number, number] = [140, 110, 180, 150];
  return { ...slicesOfImages(today)[z]!, z, box };
}

const place: Partial<Finding> = { presence: "present", laterality: "left" };

export const todayStudy: StudyResource = madeStudy({
  studyInstanceUid: today.studyInstanceUid,
  patientName: "Okafor^Ada",
  series: [{ slices: slicesOfImages(today), description: "Head 5.0 H31s", peak: KEY.best }],
  flag: "critical",
  findings: {
    any: { ...place, probability: 0.99, keySlices: [keySlice(KEY.best), keySlice(KEY.second)] },
    intraparenchymal: { ...place, probability: 0.91, keySlices: [keySlice(KEY.ofKind), keySlice(KEY.best)] },
  },
});

export const priorStudy: StudyResource = madeStudy({
  studyInstanceUid: prior.studyInstanceUid,
  patientName: "Okafor^Ada",
  series: [{ slices: slicesOfImages(prior), description: "Head 5.0 H31s" }],
  flag: "negative",
  findings: { any: { probability: 0.35 } },
});
