import type { Finding, KeySlice } from "../../src/contract/finding.ts";
import type { Label } from "../../src/contract/labels.ts";
import type { SliceRef } from "../../src/contract/slices.ts";
import type { StudyResource } from "../../src/contract/study.ts";
import { warning } from "../../src/contract/warning.ts";
import { parsePart10 } from "../../src/dicom/part10.ts";
import { type CtSeries, type CtSeriesOptions, ctSeries } from "../../src/phantom/ct-series.ts";
import { enhancedCt } from "../../src/phantom/enhanced-ct.ts";
import { withBleed } from "../../src/phantom/hu-volume.ts";
import { headPhantom, PHANTOM_BLEED } from "../../src/phantom/phantoms.ts";
import { buildStructuredReport } from "../../src/reports/structured-report.ts";
import { scoredStudy } from "../support/scored-study.ts";
import { filesOf } from "../support/studies.ts";
import { madeStudy, slicesOfImages } from "./made-study.ts";

/** Images of heads that a viewer has a hard time with, and what the service might say of them. */

const head = headPhantom();
const bleeding = withBleed(head, PHANTOM_BLEED);

function options(studyKey: string, seriesDescription: string): CtSeriesOptions {
  const names = { patientName: `${studyKey}^Test`, patientId: studyKey, studyDescription: "CT head" };
  return { studyKey, seriesKey: seriesDescription, seriesDescription, ...names };
}

function series(studyKey: string, seriesDescription: string, volume = head): CtSeries {
  return ctSeries(volume, options(studyKey, seriesDescription));
}

export const images = {
  unseen: series("unseen", "Head 5.0 H31s"),
  critical: series("critical", "Head 5.0 H31s", bleeding),
  before: series("twice", "Head 5.0 H31s"),
  repeat: series("twice", "Head repeat 5.0 H31s", bleeding),
};

export const PEAK = 18;

/** One image that holds the whole head; it names itself. */
const multiFrame = enhancedCt(bleeding, options("frames", "Head enhanced"));
const multiFrameHeader = parsePart10(multiFrame, "the enhanced CT");
const frames = Array.from({ length: bleeding.slices }, (_, z) => ({
  seriesInstanceUid: multiFrameHeader.string("x0020000e")!,
  sopInstanceUid: multiFrameHeader.string("x00080018")!,
  frameNumber: z + 1,
}));

function keySlice(slices: SliceRef[]): KeySlice {
  return { ...slices[PEAK]!, z: PEAK, box: [140, 110, 180, 150] };
}

const OPEN: Partial<Finding> = { presence: "undetermined", probability: 0.03, keySlices: [] };
const ALL_OPEN: Partial<Record<Label, Partial<Finding>>> = {
  any: OPEN,
  epidural: { ...OPEN, probability: 0.001 },
  intraparenchymal: OPEN,
  intraventricular: { ...OPEN, probability: 0.01 },
  subarachnoid: { ...OPEN, probability: 0.08 },
  subdural: { ...OPEN, probability: 0.05 },
};
const NOT_SEEN = [
  warning("images-left-out", "7 of 30 slices could not be decoded and were left out.", "7 slices not read"),
  warning("gap", "There is a gap of 40 mm between slices 11 and 12: slices may be missing.", "gap of 40 mm"),
];
const REMARKS = [
  warning("gantry-tilt", "The gantry was tilted by 12.0°; slices were read as they are."),
  warning("variable-spacing", "The distance between slices varies from 4.8 to 5.2 mm."),
];

function bleed(where: SliceRef[]) {
  const place: Partial<Finding> = { presence: "present", laterality: "left", keySlices: [keySlice(where)] };
  return { any: place, intraparenchymal: { ...place, probability: 0.91 } };
}

export const unseen = madeStudy({
  studyInstanceUid: images.unseen.studyInstanceUid,
  patientName: "unseen^Test",
  series: [{ slices: slicesOfImages(images.unseen), description: "Head 5.0 H31s" }],
  flag: "undetermined",
  findings: ALL_OPEN,
  warnings: [...NOT_SEEN, ...REMARKS],
});
export const critical = madeStudy({
  studyInstanceUid: images.critical.studyInstanceUid,
  patientName: "critical^Test",
  series: [{ slices: slicesOfImages(images.critical), description: "Head 5.0 H31s", peak: PEAK }],
  flag: "critical",
  findings: { ...ALL_OPEN, ...bleed(slicesOfImages(images.critical)) },
  warnings: NOT_SEEN.slice(0, 1),
});
export const twice = madeStudy({
  studyInstanceUid: images.repeat.studyInstanceUid,
  patientName: "twice^Test",
  series: [
    { slices: slicesOfImages(images.before), description: "Head 5.0 H31s", peak: 6 },
    { slices: slicesOfImages(images.repeat), description: "Head repeat 5.0 H31s", peak: PEAK },
  ],
  flag: "critical",
  findings: bleed(slicesOfImages(images.repeat)),
  warnings: REMARKS.slice(0, 1),
});
export const oneImage = madeStudy({
  studyInstanceUid: multiFrameHeader.string("x0020000d")!,
  patientName: "frames^Test",
  series: [{ slices: frames, description: "Head enhanced", peak: PEAK }],
  flag: "critical",
  findings: bleed(frames),
});
export const studies = [unseen, critical, twice, oneImage];

/** A report of the study that was not seen whole, which refers to images that nobody asks for here. */
function reportOf({ studyInstanceUid, warnings }: StudyResource): Uint8Array {
  return buildStructuredReport(
    scoredStudy({
      attributes: { studyInstanceUid, patientName: "unseen^Test", patientId: "unseen" },
      findings: ALL_OPEN,
      result: { studyInstanceUid, warnings, flag: "undetermined" },
    }),
  ).bytes;
}

/** Everything that the PACS holds of them. */
export function files(): Uint8Array[] {
  return [...Object.values(images).flatMap(filesOf), multiFrame, reportOf(unseen)];
}
