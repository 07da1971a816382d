import { derivedUid } from "../../dicom/derived-uid.ts";
import { encodeDicom } from "../../dicom/encode.ts";
import { SOP_CLASS, TRANSFER_SYNTAX } from "../../dicom/uids.ts";
import type { Picture } from "./picture.ts";

/** What a picture does not say itself. */
export interface PictureContext {
  /** Of the collection: with the ids, it makes the UIDs. */
  collection: string;
  patient: string;
  study: string;
  /** Of the picture within the collection. */
  path: string;
  instanceNumber: number;
  zMm: number;
  window: { centerHu: number; widthHu: number };
  thicknessMm: number | null;
  spacingMm: number | null;
}

export interface PictureUids {
  study: string;
  series: string;
  sop: string;
}

/** Always the same for the same place in the same collection. */
export function pictureUids({ collection, patient, study, path }: PictureContext): PictureUids {
  const parts = ["import-images", collection, patient, study];
  return {
    study: derivedUid(...parts),
    series: derivedUid(...parts, "series"),
    sop: derivedUid(...parts, "series", path),
  };
}

/**
 * A picture as Secondary Capture Image Storage (PS3.3 A.8.1), whose rescale gives back the HU of the window it was made
 * with: black is its lower end, white its upper one. CT Image Storage knows no 8-bit pixels.
 */
export function wrapPicture(picture: Picture, context: PictureContext): Uint8Array {
  const { rows, columns, bits, transferSyntaxUid, pixels } = picture;
  const { window, thicknessMm, spacingMm } = context;
  const uids = pictureUids(context);
  const lowestHu = window.centerHu - window.widthHu / 2;
  return encodeDicom(
    {
      SOPClassUID: SOP_CLASS.secondaryCapture,
      SOPInstanceUID: uids.sop,
      StudyInstanceUID: uids.study,
      SeriesInstanceUID: uids.series,
      FrameOfReferenceUID: derivedUid("frame of reference", uids.series),
      PositionReferenceIndicator: "",
      ImageType: ["DERIVED", "SECONDARY", "AXIAL"],
      ConversionType: "WSD",
      Modality: "CT",
      ...{ PatientID: context.patient, PatientName: "", PatientBirthDate: "", PatientSex: "" },
      ...{ StudyDate: "", StudyTime: "", StudyID: "", AccessionNumber: "", ReferringPhysicianName: "" },
      ...{ SeriesNumber: 1, InstanceNumber: context.instanceNumber, PatientOrientation: ["L", "P"] },
      BodyPartExamined: "HEAD",
      ImageOrientationPatient: [1, 0, 0, 0, 1, 0],
      ImagePositionPatient: [0, 0, context.zMm].map(decimalString),
      ...(thicknessMm !== null && { SliceThickness: decimalString(thicknessMm) }),
      ...(spacingMm !== null && { PixelSpacing: [spacingMm, spacingMm].map(decimalString) }),
      SamplesPerPixel: 1,
      PhotometricInterpretation: "MONOCHROME2",
      ...{ Rows: rows, Columns: columns, BitsAllocated: bits, BitsStored: bits, HighBit: bits - 1 },
      PixelRepresentation: 0,
      RescaleSlope: decimalString(window.widthHu / (2 ** bits - 1)),
      RescaleIntercept: decimalString(lowestHu),
      RescaleType: "HU",
      ...{ WindowCenter: decimalString(window.centerHu), WindowWidth: decimalString(window.widthHu) },
      ...lossyAttributes(picture),
      PixelData: pixels.slice().buffer,
      _vrMap: { PixelData: bits === 16 ? "OW" : "OB" },
    },
    transferSyntaxUid,
  );
}

/** Once lossy, always lossy (PS3.3 C.7.6.1.1.5). Of a PNG nobody knows. */
function lossyAttributes({ rows, columns, transferSyntaxUid, pixels }: Picture): Record<string, unknown> {
  const { explicitLittleEndian, jpegLossless } = TRANSFER_SYNTAX;
  if (transferSyntaxUid === explicitLittleEndian || transferSyntaxUid === jpegLossless) return {};
  const ratio = decimalString((rows * columns) / pixels.length);
  return { LossyImageCompression: "01", LossyImageCompressionRatio: ratio, LossyImageCompressionMethod: "ISO_10918_1" };
}

/** DS holds 16 characters (PS3.5 6.2). */
function decimalString(value: number): string {
  for (let digits = 15; ; digits--) {
    const text = String(Number(value.toPrecision(digits)));
    if (text.length <= 16) return text;
  }
}
