import type { StudyAttributes } from "../contract/study-attributes.ts";
import { uidSchema } from "../contract/uid.ts";
import { VigilError } from "../errors.ts";
import { type Attributes, attributesOfDataSet, attributesOfJson } from "./attributes.ts";
import { leadingDecimal } from "./decimal.ts";
import { type DicomJson, dicomJsonSchema } from "./dicom-json.ts";
import { framesOf, numberOfFrames } from "./functional-groups.ts";
import type { DataSet } from "./part10.ts";
import type { InstanceHeader } from "./source.ts";

/**
 * One header for each frame of an image, one for any other object.
 * @throws VigilError dicom-unreadable when an identifying UID is missing or wrong
 */
export function headersFromDataSet(dataset: DataSet, where: string): InstanceHeader[] {
  return headersOf(attributesOfDataSet(dataset), where);
}

/**
 * The same of one instance of WADO-RS metadata: DICOM JSON, PS3.18 annex F.
 * @throws VigilError dicom-unreadable
 */
export function headersFromMetadata(json: unknown): InstanceHeader[] {
  const parsed = dicomJsonSchema.safeParse(json);
  if (!parsed.success) throw new VigilError("dicom-unreadable", "an instance in the metadata is not DICOM JSON");
  return headersOf(attributesOfJson(parsed.data), "an instance in the metadata");
}

/**
 * What a QIDO-RS answer says of a study.
 * @throws VigilError dicom-unreadable
 */
export function studyAttributesFromQuery(study: DicomJson): StudyAttributes {
  const { text, uid } = readers(attributesOfJson(study), "a study in the answer to a query");
  return toStudyAttributes(text, uid("0020000D", "Study Instance UID"));
}

/** Text of all values, and a UID that must be there. */
function readers(attributes: Attributes, where: string) {
  const text = (tag: string) => attributes.texts(tag).join("\\");
  const uid = (tag: string, name: string) => {
    const value = uidSchema.safeParse(text(tag));
    if (!value.success) throw new VigilError("dicom-unreadable", `${where} has no valid ${name}`);
    return value.data;
  };
  return { text, uid };
}

function headersOf(image: Attributes, where: string): InstanceHeader[] {
  const whole = { ...ofTheObject(image, where), numberOfFrames: numberOfFrames(image) };
  const frames = framesOf(image);
  return frames.map((frame, i) => ({
    ...whole,
    ...ofTheFrame(frame),
    frameNumber: frames.length === 1 ? null : i + 1,
  }));
}

function ofTheObject(image: Attributes, where: string) {
  const { text, uid } = readers(image, where);
  const number = (tag: string) => leadingDecimal(image.texts(tag)[0] ?? "");
  return {
    study: toStudyAttributes(text, uid("0020000D", "Study Instance UID")),
    seriesInstanceUid: uid("0020000E", "Series Instance UID"),
    sopInstanceUid: uid("00080018", "SOP Instance UID"),
    sopClassUid: text("00080016"),
    frameOfReferenceUid: text("00200052"),
    modality: text("00080060"),
    seriesDescription: text("0008103E"),
    seriesNumber: number("00200011"),
    instanceNumber: number("00200013"),
    seriesDateTime: dateTime(text("00080021"), text("00080031")),
    contentDateTime: dateTime(text("00080023"), text("00080033")),
    patientAge: text("00101010"),
    patientPosition: text("00185100"),
    burnedInAnnotation: text("00280301"),
    lossyCompression: text("00282110"),
    protocolName: text("00181030"),
    manufacturer: text("00080070"),
    rows: number("00280010"),
    columns: number("00280011"),
  };
}

/** What each frame of a multi-frame image has of its own. */
function ofTheFrame(frame: Attributes) {
  const text = (tag: string) => frame.texts(tag).join("\\");
  const numbers = (tag: string) => frame.texts(tag).map((value) => leadingDecimal(value));
  const number = (tag: string) => numbers(tag)[0] ?? null;
  const vector = (tag: string, length: number, range: Range) => {
    const values = numbers(tag);
    return values.length === length && values.every((value) => isWithin(value, range)) ? values : null;
  };
  const thicknessMm = number("00180050");
  const frameType = frame.texts("00089007");
  return {
    imageType: frameType.length > 0 ? frameType : frame.texts("00080008"),
    acquisitionNumber: number("00209156") ?? number("00200012"),
    acquisitionDateTime: text("00189074") || text("0008002A") || dateTime(text("00080022"), text("00080032")),
    kvp: number("00180060"),
    bodyPartExamined: text("00180015") || meaningOf(frame, "00082218"),
    contrastBolusAgent: contrastAgent(frame),
    convolutionKernel: text("00181210"),
    sliceThicknessMm: isWithin(thicknessMm, SLICE_THICKNESS_MM) ? thicknessMm : null,
    gantryTiltDeg: number("00181120"),
    pixelSpacingMm: vector("00280030", 2, PIXEL_SPACING_MM) as InstanceHeader["pixelSpacingMm"],
    imagePositionMm: vector("00200032", 3, POSITION_MM) as InstanceHeader["imagePositionMm"],
    imageOrientation: vector("00200037", 6, DIRECTION_COSINE) as InstanceHeader["imageOrientation"],
  };
}

type Range = readonly [number, number];

/** What lies beyond these was not measured on a head. */
const PIXEL_SPACING_MM: Range = [0.05, 10];
const SLICE_THICKNESS_MM: Range = [0.05, 50];
const POSITION_MM: Range = [-10_000, 10_000];
const DIRECTION_COSINE: Range = [-1.01, 1.01];

function isWithin(value: number | null, [from, to]: Range): boolean {
  return value !== null && value >= from && value <= to;
}

/** Enhanced images name the agent by a code, and say for each frame whether it was given. */
function contrastAgent(frame: Attributes): string {
  if (frame.texts("00189342")[0] === "NO") return "";
  return frame.texts("00180010").join("\\") || meaningOf(frame, "00180012");
}

/** Code Meaning of a code sequence. */
function meaningOf(attributes: Attributes, tag: string): string {
  return attributes.items(tag)[0]?.texts("00080104")[0] ?? "";
}

/** DA and TM as one DT; old files part them by dots and colons (PS3.5 6.2). */
function dateTime(date: string, time: string): string {
  if (date === "") return "";
  return date.replaceAll(/[.-]/g, "") + time.replaceAll(":", "");
}

function toStudyAttributes(text: (tag: string) => string, studyInstanceUid: string): StudyAttributes {
  return {
    studyInstanceUid,
    patientName: text("00100010"),
    patientId: text("00100020"),
    issuerOfPatientId: text("00100021"),
    patientBirthDate: text("00100030"),
    patientSex: text("00100040"),
    studyDate: text("00080020"),
    studyTime: text("00080030"),
    studyId: text("00200010"),
    accessionNumber: text("00080050"),
    referringPhysicianName: text("00080090"),
    studyDescription: text("00081030"),
  };
}
