import type { NaturalDataset } from "dcmjs";
import { dicomDate } from "../dicom/date-time.ts";
import { derivedUid } from "../dicom/derived-uid.ts";
import { encodeDicom } from "../dicom/encode.ts";
import { columnDirection, type Orientation, plus, rowDirection } from "../dicom/geometry.ts";
import { SOP_CLASS } from "../dicom/uids.ts";
import type { HuVolume } from "./hu-volume.ts";

export interface CtSeriesOptions {
  /** Makes the UIDs: the same key gives the same study. */
  studyKey: string;
  seriesKey?: string;
  patientName: string;
  patientId: string;
  studyDescription: string;
  seriesDescription?: string;
  bodyPart?: string;
  convolutionKernel?: string;
  accessionNumber?: string;
  /** YYYYMMDD; today when absent. */
  studyDate?: string;
  /** Directions of rows and columns in which the volume's pixels are stored; the usual ones when absent. */
  orientation?: Orientation;
  /** Any further attribute, by keyword; also overrides the ones above. */
  attributes?: NaturalDataset;
}

export interface CtInstance {
  sopInstanceUid: string;
  bytes: Uint8Array;
}

export interface CtSeries {
  studyInstanceUid: string;
  seriesInstanceUid: string;
  /** Lowest slice first. */
  instances: CtInstance[];
}

const UPRIGHT: Orientation = [1, 0, 0, 0, 1, 0];

/** Writes a volume as a series of CT Image Storage objects (PS3.3 A.3), 16 bit signed, intercept -1024. */
export function ctSeries(volume: HuVolume, options: CtSeriesOptions): CtSeries {
  const seriesKey = options.seriesKey ?? "axial";
  const shared = sharedAttributes(volume, options);
  const instances = Array.from({ length: volume.slices }, (_, slice): CtInstance => {
    const position = imagePositionMm(volume, slice, options.orientation);
    const sopInstanceUid = derivedUid("instance", options.studyKey, seriesKey, String(slice));
    const bytes = encodeDicom({
      ...shared,
      SOPInstanceUID: sopInstanceUid,
      InstanceNumber: slice + 1,
      ImagePositionPatient: position,
      SliceLocation: String(position[2]),
      PixelData: storedPixels(volume, slice, slice + 1),
      _vrMap: { PixelData: "OW" },
      ...options.attributes,
    });
    return { sopInstanceUid, bytes };
  });
  return {
    studyInstanceUid: derivedUid("study", options.studyKey),
    seriesInstanceUid: derivedUid("series", options.studyKey, seriesKey),
    instances,
  };
}

/** Of the slices from one up to, but not including, another. */
export function storedPixels(volume: HuVolume, from: number, to: number): ArrayBuffer {
  const size = volume.rows * volume.columns;
  return volume.hu.slice(from * size, to * size).map((hu) => hu + 1024).buffer;
}

/** x, y, z; the middle of the image lies on the z axis. */
export function imagePositionMm(volume: HuVolume, slice: number, orientation: Orientation = UPRIGHT): number[] {
  const halfRow = ((volume.columns - 1) / 2) * volume.pixelSpacingMm;
  const halfColumn = ((volume.rows - 1) / 2) * volume.pixelSpacingMm;
  const corner = plus(plus([0, 0, 0], -halfRow, rowDirection(orientation)), -halfColumn, columnDirection(orientation));
  return plus(corner, slice * volume.sliceSpacingMm, [0, 0, 1]).map((mm) => Number(mm.toFixed(3)));
}

/** What all slices have in common. */
export function sharedAttributes(volume: HuVolume, options: CtSeriesOptions): NaturalDataset {
  const date = options.studyDate ?? dicomDate(new Date());
  return {
    SOPClassUID: SOP_CLASS.ctImage,
    ImageType: ["ORIGINAL", "PRIMARY", "AXIAL"],
    StudyDate: date,
    SeriesDate: date,
    AcquisitionDate: date,
    ContentDate: date,
    StudyTime: "101500",
    SeriesTime: "101600",
    AcquisitionTime: "101600",
    ContentTime: "101600",
    AccessionNumber: options.accessionNumber ?? "",
    Modality: "CT",
    Manufacturer: "Vigil demonstration",
    ReferringPhysicianName: "",
    StudyDescription: options.studyDescription,
    SeriesDescription: options.seriesDescription ?? "Head 5.0 H31s",
    PatientName: options.patientName,
    PatientID: options.patientId,
    PatientBirthDate: "19600101",
    PatientSex: "O",
    BodyPartExamined: options.bodyPart ?? "HEAD",
    SliceThickness: String(volume.sliceSpacingMm),
    KVP: "120",
    ConvolutionKernel: options.convolutionKernel ?? "H31s",
    PatientPosition: "HFS",
    StudyInstanceUID: derivedUid("study", options.studyKey),
    SeriesInstanceUID: derivedUid("series", options.studyKey, options.seriesKey ?? "axial"),
    StudyID: "1",
    SeriesNumber: 2,
    AcquisitionNumber: 1,
    ImageOrientationPatient: options.orientation ?? UPRIGHT,
    FrameOfReferenceUID: derivedUid("frame of reference", options.studyKey),
    PositionReferenceIndicator: "",
    SamplesPerPixel: 1,
    PhotometricInterpretation: "MONOCHROME2",
    Rows: volume.rows,
    Columns: volume.columns,
    PixelSpacing: [volume.pixelSpacingMm, volume.pixelSpacingMm],
    BitsAllocated: 16,
    BitsStored: 16,
    HighBit: 15,
    PixelRepresentation: 1,
    WindowCenter: "40",
    WindowWidth: "120",
    RescaleIntercept: "-1024",
    RescaleSlope: "1",
    RescaleType: "HU",
  };
}
