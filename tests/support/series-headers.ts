import { configSchema } from "../../src/config.ts";
import { type Selection, selectSeries } from "../../src/dicom/selection/selection.ts";
import type { InstanceHeader } from "../../src/dicom/source.ts";

/** A CT series in few words; what is left out is a plain head of 5 mm that covers 150 mm. */
export interface SeriesExample extends Partial<Omit<InstanceHeader, "study">> {
  /** Series Description, by which the tests speak of it */
  is: string;
  kernel?: string;
  /** Slice thickness and distance */
  mm?: number;
  coverMm?: number;
  /** z of the lowest slice */
  fromMm?: number;
  slices?: number;
  fovMm?: number;
  /** HHMMSS */
  at?: string;
  acquisition?: number;
  agent?: string;
  body?: string;
  protocol?: string;
  study?: string;
  type?: string;
}

export const SAGITTAL = [0, 1, 0, 0, 0, -1] as InstanceHeader["imageOrientation"];
export const settings = configSchema.parse({}).selection;

let seriesCount = 0;

export function series(example: SeriesExample): InstanceHeader[] {
  const {
    is,
    kernel,
    mm = 5,
    coverMm = 150,
    fromMm = 0,
    fovMm = 230,
    at,
    acquisition,
    agent,
    body,
    protocol,
  } = example;
  const { study, type, slices = Math.round(coverMm / mm), ...changes } = example;
  const seriesNumber = ++seriesCount;
  const seriesInstanceUid = `1.2.${seriesNumber}`;
  return Array.from({ length: slices }, (_, z) => ({
    study: studyAttributes(study ?? "CT"),
    seriesInstanceUid,
    sopInstanceUid: `${seriesInstanceUid}.${z}`,
    sopClassUid: "1.2.840.10008.5.1.4.1.1.2",
    frameOfReferenceUid: "1.2.9",
    modality: "CT",
    imageType: type?.split("\\") ?? ["ORIGINAL", "PRIMARY", "AXIAL"],
    seriesDescription: is,
    seriesNumber,
    instanceNumber: z + 1,
    acquisitionNumber: acquisition ?? null,
    seriesDateTime: "",
    contentDateTime: "",
    lossyCompression: "",
    acquisitionDateTime: at === undefined ? "" : `20260301${at}`,
    patientAge: "060Y",
    patientPosition: "HFS",
    kvp: 120,
    burnedInAnnotation: "",
    protocolName: protocol ?? "",
    bodyPartExamined: body ?? "HEAD",
    contrastBolusAgent: agent ?? "",
    convolutionKernel: kernel ?? "",
    manufacturer: "",
    sliceThicknessMm: mm,
    gantryTiltDeg: null,
    rows: 512,
    columns: 512,
    numberOfFrames: 1,
    frameNumber: null,
    pixelSpacingMm: [fovMm / 512, fovMm / 512],
    imagePositionMm: [-fovMm / 2, -fovMm / 2, fromMm + z * mm],
    imageOrientation: [1, 0, 0, 0, 1, 0],
    ...(changes as Partial<InstanceHeader>),
  }));
}

/** What is chosen: a head each, its parts joined by " + ", the alternatives of a part by " / ", best first. */
export function headsIn(selection: Selection): string[] {
  const names = new Map(selection.series.map((it) => [it.seriesInstanceUid, it.description]));
  return selection.acquisitions.map(({ parts }) =>
    parts.map(({ seriesInstanceUids }) => seriesInstanceUids.map((uid) => names.get(uid)).join(" / ")).join(" + "),
  );
}

export function select(...examples: SeriesExample[]): Selection {
  return selectSeries(examples.flatMap(series), settings);
}

/** The descriptions of the chosen series, or the reason why there are none. */
export function choice(...examples: SeriesExample[]): string {
  const selection = select(...examples);
  const chosen = selection.series.filter((it) => it.chosen).map(({ description }) => description);
  return selection.reason ?? chosen.join(" & ");
}

function studyAttributes(studyDescription: string): InstanceHeader["study"] {
  return {
    studyInstanceUid: "1.2",
    patientName: "Test^Patient",
    patientId: "1",
    issuerOfPatientId: "",
    patientBirthDate: "",
    patientSex: "",
    studyDate: "20260301",
    studyTime: "",
    studyId: "",
    accessionNumber: "",
    referringPhysicianName: "",
    studyDescription,
  };
}
