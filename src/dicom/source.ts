import type { StudyAttributes } from "../contract/study-attributes.ts";
import type { Warning } from "../contract/warning.ts";

/** A DICOM object as it was stored, in any transfer syntax. */
export interface StoredObject {
  /** Part 10 file. */
  bytes: Uint8Array;
  /** Where it was read from; null when it came from a PACS. */
  file: string | null;
}

/** One that was asked for by its name. */
export interface StoredInstance extends StoredObject {
  sopInstanceUid: string;
}

/**
 * The attributes of one instance that series selection and geometry need, without pixels; from a file's header or
 * from WADO-RS metadata. An absent text is "", an absent number null.
 */
export interface InstanceHeader {
  study: StudyAttributes;
  seriesInstanceUid: string;
  sopInstanceUid: string;
  sopClassUid: string;
  frameOfReferenceUid: string;
  modality: string;
  imageType: string[];
  seriesDescription: string;
  seriesNumber: number | null;
  instanceNumber: number | null;
  acquisitionNumber: number | null;
  /** Acquisition Date and Time, or Acquisition DateTime: YYYYMMDDHHMMSS[.ffffff], "" when unknown */
  acquisitionDateTime: string;
  /** Series Date and Time, as above */
  seriesDateTime: string;
  /** Content Date and Time, as above: of the image, not of each frame */
  contentDateTime: string;
  /** `nnnD`, `nnnW`, `nnnM` or `nnnY` (PS3.5 6.2, AS); "" when unknown */
  patientAge: string;
  patientPosition: string;
  kvp: number | null;
  burnedInAnnotation: string;
  /** Lossy Image Compression: `01` when pixels were ever compressed with a loss, `00` when never, "" when unknown */
  lossyCompression: string;
  protocolName: string;
  bodyPartExamined: string;
  contrastBolusAgent: string;
  convolutionKernel: string;
  manufacturer: string;
  /** null also where no slice could have it */
  sliceThicknessMm: number | null;
  gantryTiltDeg: number | null;
  rows: number | null;
  columns: number | null;
  /** Of the object, at least 1. */
  numberOfFrames: number;
  /** Of a multi-frame image, from 1; null for an image of one frame. */
  frameNumber: number | null;
  /** [between rows, between columns]; null also where no head could have it */
  pixelSpacingMm: [number, number] | null;
  /** x, y, z of the centre of the first pixel (PS3.3 C.7.6.2.1.1) */
  imagePositionMm: [number, number, number] | null;
  /** direction cosines of a row and of a column */
  imageOrientation: [number, number, number, number, number, number] | null;
}

/** Where an object of a study stands. */
export type InstanceName = Pick<InstanceHeader, "seriesInstanceUid" | "sopInstanceUid">;

/** One study somewhere: a folder, or a PACS over DICOMweb. */
export interface StudySource {
  readonly studyInstanceUid: string;
  /** What was noticed while finding the study, such as a file beside it that cannot be read. */
  readonly warnings?: Warning[];
  /** The headers of all instances of the study, in no particular order. */
  listInstances(signal?: AbortSignal): Promise<InstanceHeader[]>;
  /** The objects that hold these images, each once, as they arrive, in no particular order. */
  readInstances(images: InstanceName[], signal?: AbortSignal): AsyncIterable<StoredInstance>;
}
