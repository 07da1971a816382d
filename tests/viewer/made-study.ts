import type { Finding } from "../../src/contract/finding.ts";
import type { HeatMapResource } from "../../src/contract/heat-map.ts";
import { type Label, perLabel } from "../../src/contract/labels.ts";
import { notSeenOf } from "../../src/contract/not-seen.ts";
import type { Analysed, SliceResult } from "../../src/contract/result.ts";
import type { SliceRef } from "../../src/contract/slices.ts";
import type { StudyResource } from "../../src/contract/study.ts";
import type { WorklistItem } from "../../src/contract/worklist.ts";
import type { CtSeries } from "../../src/phantom/ct-series.ts";
import { scoredStudy } from "../support/scored-study.ts";

/** What the service might say of images that are really in a PACS, for a viewer to show. */

export interface MadeSeries {
  slices: SliceRef[];
  description: string;
  /** Index of the slice where the probability is highest; nothing stands out where absent. */
  peak?: number;
}

export interface MadeStudyParts {
  studyInstanceUid: string;
  patientName: string;
  series: MadeSeries[];
  flag: Analysed["flag"];
  findings: Partial<Record<Label, Partial<Finding>>>;
  warnings?: Analysed["warnings"];
}

const WIDTH_OF_PEAK = 2.5;

export function madeStudy({ studyInstanceUid, patientName, series, ...parts }: MadeStudyParts): StudyResource {
  const { flag, findings, warnings = [] } = parts;
  const { result, attributes } = scoredStudy({ findings });
  const identity = { studyInstanceUid, patientName };
  return {
    ...result,
    flag,
    state: "reported",
    studyInstanceUid,
    seriesInstanceUid: seriesOf(series[0]!),
    slices: series.flatMap(resultsOf),
    series: series.map((made) => ({
      seriesInstanceUid: seriesOf(made),
      description: made.description,
      modality: "CT",
      instances: new Set(made.slices.map(({ sopInstanceUid }) => sopInstanceUid)).size,
      chosen: true,
      score: 10,
      reasons: ["soft-tissue kernel", "5 mm", "axial"],
    })),
    warnings,
    timings: { retrieveMs: 410, decodeMs: 120, preprocessMs: 90, inferenceMs: 640, reportMs: 60, totalMs: 1320 },
    patient: { ...attributes, ...identity },
    receivedAt: "2026-01-01T10:00:00Z",
    error: null,
    deliveries: [],
    events: [],
    history: [],
    feedback: [],
    read: null,
    reading: null,
    priors: [],
  };
}

/** The slices of a series of images of one frame, lowest first. */
export function slicesOfImages({ seriesInstanceUid, instances }: CtSeries): SliceRef[] {
  return instances.map(({ sopInstanceUid }) => ({ seriesInstanceUid, sopInstanceUid, frameNumber: null }));
}

function seriesOf({ slices }: MadeSeries): string {
  return slices[0]!.seriesInstanceUid;
}

function resultsOf({ slices, peak }: MadeSeries): SliceResult[] {
  return slices.map((slice, z) => ({
    ...slice,
    file: null,
    positionMm: z * 5,
    probabilities: perLabel(() => (peak === undefined ? 0.02 : 0.02 + 0.95 * closeness(z, peak))),
  }));
}

function closeness(z: number, peak: number): number {
  return Math.exp(-(((z - peak) / WIDTH_OF_PEAK) ** 2));
}

export function madeWorklistItem(study: StudyResource): WorklistItem {
  const { studyInstanceUid, state, flag, reason, probabilities, patient } = study;
  return {
    studyInstanceUid,
    patientId: patient.patientId,
    patientName: patient.patientName,
    patientBirthDate: patient.patientBirthDate,
    patientSex: patient.patientSex,
    studyDescription: patient.studyDescription,
    studyDate: patient.studyDate,
    studyTime: patient.studyTime,
    accessionNumber: patient.accessionNumber,
    modalitiesInStudy: ["CT"],
    receivedAt: study.receivedAt,
    flaggedAt: study.receivedAt,
    state,
    flag,
    reason,
    notSeen: notSeenOf(study.warnings),
    error: null,
    probability: probabilities?.any ?? null,
    threshold: 0.635,
    findings: study.findings
      .filter(({ presence }) => presence === "present")
      .map(({ label, probability }) => ({ label, probability })),
    progress: null,
    images: study.slices.length,
    instances: study.slices.length,
    group: flag === "negative" ? "negative" : "attention",
    rank: flag === "negative" ? 5 : 0,
    reading: study.reading,
    read: study.read,
    priority: null,
    ward: null,
  };
}

const GRID = 10;

/** Hot in the middle of a square of the image, as hot as the slice is probable. */
export function madeHeatMap(study: StudyResource): HeatMapResource {
  return {
    label: "any",
    seriesInstanceUid: study.seriesInstanceUid ?? "",
    gridWidth: GRID,
    gridHeight: GRID,
    slices: study.slices.map(({ seriesInstanceUid, sopInstanceUid, frameNumber, probabilities }) => {
      const cells = Uint8Array.from({ length: GRID * GRID }, (_, i) => {
        const [x, y] = [(i % GRID) - 4.5, Math.floor(i / GRID) - 4.5];
        return 255 * probabilities.any * Math.exp(-(x * x + y * y) / 6);
      });
      const area: [number, number, number, number] = [110, 80, 210, 180];
      return { seriesInstanceUid, sopInstanceUid, frameNumber, area, cells: Buffer.from(cells).toString("base64") };
    }),
  };
}
