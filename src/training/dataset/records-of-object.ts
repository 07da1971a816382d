import { createHash } from "node:crypto";
import { type Attributes, attributesOfDataSet } from "../../dicom/attributes.ts";
import { leadingDecimal } from "../../dicom/decimal.ts";
import { framesOf } from "../../dicom/functional-groups.ts";
import { dot, sliceNormal } from "../../dicom/geometry.ts";
import { headersFromDataSet } from "../../dicom/header.ts";
import { type DataSet, isCutOff, PIXEL_DATA, parsePart10, transferSyntaxOf } from "../../dicom/part10.ts";
import type { InstanceHeader } from "../../dicom/source.ts";
import type { InstanceRecord } from "./instance-record.ts";

/**
 * The lines of instances.jsonl for one DICOM object: one for each frame. Its pixels are not decoded, so `problem` is null
 * unless they are cut off.
 * @param where names it in messages @param file its place in the data set
 * @throws VigilError dicom-unreadable
 */
export function recordsOfObject(bytes: Uint8Array, where: string, file: string): InstanceRecord[] {
  const { dataset, problem } = parsed(bytes, where);
  const image = attributesOfDataSet(dataset);
  const whole = {
    file,
    pixelHash: hashOfPixels(dataset),
    transferSyntax: transferSyntaxOf(dataset),
    ...formatOf(image),
  };
  const frames = framesOf(image);
  return headersFromDataSet(dataset, where).map((header, i) => ({
    ...whole,
    ...ofTheHeader(header),
    ...shownAs(frames[i]!),
    mask: null,
    problem,
  }));
}

/** A file that was not copied whole still says which image it is. */
function parsed(bytes: Uint8Array, where: string): { dataset: DataSet; problem: InstanceRecord["problem"] } {
  try {
    return { dataset: parsePart10(bytes, where), problem: null };
  } catch (error) {
    if (!isCutOff(error)) throw error;
    const problem = { code: "dicom-unreadable", message: `${where} is cut off` };
    return { dataset: parsePart10(bytes, where, { untilPixels: true }), problem };
  }
}

function hashOfPixels(dataset: DataSet): string {
  const element = dataset.elements[PIXEL_DATA];
  const hash = createHash("sha256");
  const part = (from: number, length: number) => hash.update(dataset.byteArray.subarray(from, from + length));
  if (element?.fragments !== undefined) for (const { position, length } of element.fragments) part(position, length);
  else if (element !== undefined) part(element.dataOffset, element.length);
  return hash.digest("hex");
}

function ofTheHeader(header: InstanceHeader) {
  const { imagePositionMm: position, imageOrientation: orientation } = header;
  const placed = position !== null && orientation !== null;
  return {
    patient: header.study.patientId || header.study.patientName || header.study.studyInstanceUid,
    study: header.study.studyInstanceUid,
    series: header.seriesInstanceUid,
    sop: header.sopInstanceUid,
    frame: header.frameNumber,
    z: placed ? Number(dot(position, sliceNormal(orientation)).toFixed(4)) : null,
    rows: header.rows ?? 0,
    columns: header.columns ?? 0,
    spacing: header.pixelSpacingMm,
    thickness: header.sliceThicknessMm,
    position,
    orientation,
    modality: header.modality,
    manufacturer: header.manufacturer,
    kernel: header.convolutionKernel,
    kvp: header.kvp,
    studyDate: header.study.studyDate,
    sex: header.study.patientSex,
    age: header.patientAge,
  };
}

function formatOf(image: Attributes) {
  const text = (tag: string) => image.texts(tag).join("\\");
  const integer = (tag: string) => {
    const value = leadingDecimal(image.texts(tag)[0] ?? "");
    return value !== null && Number.isInteger(value) ? value : null;
  };
  return {
    samplesPerPixel: integer("00280002"),
    photometric: text("00280004"),
    bitsAllocated: integer("00280100"),
    bitsStored: integer("00280101"),
    highBit: integer("00280102"),
    pixelRepresentation: integer("00280103"),
    scanner: text("00081090"),
  };
}

/** What each frame of a multi-frame image may have of its own. */
function shownAs(frame: Attributes) {
  const numbers = (tag: string) => frame.texts(tag).map((value) => leadingDecimal(value));
  const [slope, intercept] = [numbers("00281053")[0] ?? null, numbers("00281052")[0] ?? null];
  const widths = numbers("00281051");
  return {
    rescale: slope === null || intercept === null ? null : { slope, intercept },
    window: numbers("00281050").flatMap((center, i): [number, number][] => {
      const width = widths[i] ?? null;
      return center === null || width === null ? [] : [[center, width]];
    }),
  };
}
