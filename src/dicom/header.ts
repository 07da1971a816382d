import type { StudyAttributes } from "../contract/study-attributes.ts";
import { uidSchema } from "../contract/uid.ts";
import { VigilError } from "../errors.ts";
import { textReader } from "./character-set.ts";
import { type DicomJson, dicomJsonSchema, texts } from "./dicom-json.ts";
import { type DataSet, valueBytes } from "./part10.ts";
import type { InstanceHeader } from "./source.ts";

/** All values of an attribute as text, by its tag as eight hexadecimal digits; [] when it is absent or empty. */
type Attributes = (tag: string) => string[];

/** @throws VigilError dicom-unreadable when an identifying UID is missing or wrong */
export function headerFromDataSet(dataset: DataSet, where: string): InstanceHeader {
  return toHeader(attributesOfDataSet(dataset), where);
}

/** The headers of all its images. @throws VigilError dicom-unreadable */
export function headersFromDataSet(dataset: DataSet, where: string): InstanceHeader[] {
  return [headerFromDataSet(dataset, where)];
}

/**
 * The same of one instance of WADO-RS metadata: DICOM JSON, PS3.18 annex F.
 * @throws VigilError dicom-unreadable
 */
export function headerFromMetadata(json: unknown): InstanceHeader {
  const parsed = dicomJsonSchema.safeParse(json);
  if (!parsed.success) throw new VigilError("dicom-unreadable", "an instance in the metadata is not DICOM JSON");
  return toHeader((tag) => texts(parsed.data, tag), "an instance in the metadata");
}

/**
 * What a QIDO-RS answer says of a study.
 * @throws VigilError dicom-unreadable
 */
export function studyAttributesFromQuery(study: DicomJson): StudyAttributes {
  const { text, uid } = readers((tag) => texts(study, tag), "a study in the answer to a query");
  return toStudyAttributes(text, uid("0020000D", "Study Instance UID"));
}

/** Text of all values, and a UID that must be there. */
function readers(attributes: Attributes, where: string) {
  const text = (tag: string) => attributes(tag).join("\\");
  const uid = (tag: string, name: string) => {
    const value = uidSchema.safeParse(text(tag));
    if (!value.success) throw new VigilError("dicom-unreadable", `${where} has no valid ${name}`);
    return value.data;
  };
  return { text, uid };
}

function toHeader(attributes: Attributes, where: string): InstanceHeader {
  const { text, uid } = readers(attributes, where);
  const numbers = (tag: string) => attributes(tag).map((value) => (value === "" ? Number.NaN : Number(value)));
  const number = (tag: string) => finite(numbers(tag)[0]);
  const vector = (tag: string, length: number) => {
    const values = numbers(tag);
    return values.length === length && values.every(Number.isFinite) ? values : null;
  };
  return {
    study: toStudyAttributes(text, uid("0020000D", "Study Instance UID")),
    seriesInstanceUid: uid("0020000E", "Series Instance UID"),
    sopInstanceUid: uid("00080018", "SOP Instance UID"),
    sopClassUid: text("00080016"),
    frameOfReferenceUid: text("00200052"),
    modality: text("00080060"),
    imageType: attributes("00080008"),
    seriesDescription: text("0008103E"),
    seriesNumber: number("00200011"),
    instanceNumber: number("00200013"),
    acquisitionNumber: number("00200012"),
    acquisitionDateTime: text("0008002A") || text("00080022") + text("00080032"),
    patientAge: text("00101010"),
    patientPosition: text("00185100"),
    kvp: number("00180060"),
    burnedInAnnotation: text("00280301"),
    protocolName: text("00181030"),
    bodyPartExamined: text("00180015"),
    contrastBolusAgent: text("00180010"),
    convolutionKernel: text("00181210"),
    manufacturer: text("00080070"),
    sliceThicknessMm: number("00180050"),
    gantryTiltDeg: number("00181120"),
    rows: number("00280010"),
    columns: number("00280011"),
    numberOfFrames: number("00280008") ?? 1,
    frameNumber: null,
    pixelSpacingMm: vector("00280030", 2) as InstanceHeader["pixelSpacingMm"],
    imagePositionMm: vector("00200032", 3) as InstanceHeader["imagePositionMm"],
    imageOrientation: vector("00200037", 6) as InstanceHeader["imageOrientation"],
  };
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

function finite(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}

const UNSIGNED_SHORT = new Set(["00280010", "00280011"]);

function attributesOfDataSet(dataset: DataSet): Attributes {
  const read = textReader((dataset.string("x00080005") ?? "").split("\\"));
  return (tag) => {
    const element = dataset.elements[`x${tag.toLowerCase()}`];
    if (element === undefined || element.length === 0) return [];
    if (UNSIGNED_SHORT.has(tag)) return [String(dataset.uint16(element.tag))];
    // Trailing spaces and NULs are padding (PS3.5 6.2).
    return read(valueBytes(dataset, element))
      .split("\\")
      .map((value) => value.replace(/^ +|[ \0]+$/g, ""));
  };
}
