import type { NaturalDataset } from "dcmjs";
import type { Box } from "../contract/finding.ts";
import type { CodedConcept } from "../contract/report-codes.ts";
import { uidSchema } from "../contract/uid.ts";
import { VigilError } from "../errors.ts";

/**
 * Content items of a structured report (PS3.3 C.17.3), as naturalised data sets. Each builder refuses values that
 * would make an invalid object: @throws VigilError report-invalid.
 */
export type ContentItem = NaturalDataset;

/** How an item relates to the one that holds it (PS3.3 Table C.17.3.2.4-1). */
export type Relationship =
  | "CONTAINS"
  | "HAS ACQ CONTEXT"
  | "HAS CONCEPT MOD"
  | "HAS OBS CONTEXT"
  | "HAS PROPERTIES"
  | "INFERRED FROM"
  | "SELECTED FROM";

/** An image that an item refers to. */
export interface ImageReference {
  sopClassUid: string;
  sopInstanceUid: string;
  /** Of a multi-frame image, from 1; null for the image as a whole. */
  frameNumber: number | null;
}

// Longest values of DICOM's text VRs (PS3.5 Table 6.2-1), in characters.
const SHORT_STRING_MAX = 16;
const LONG_STRING_MAX = 64;
const DECIMAL_STRING_MAX = 16;

export function codeSequence(concept: CodedConcept): NaturalDataset[] {
  requireText(concept.value, SHORT_STRING_MAX, "code value");
  requireText(concept.meaning, LONG_STRING_MAX, "code meaning");
  return [{ CodeValue: concept.value, CodingSchemeDesignator: concept.scheme, CodeMeaning: concept.meaning }];
}

export function codeItem(
  relationship: Relationship,
  name: CodedConcept,
  value: CodedConcept,
  children: ContentItem[] = [],
): ContentItem {
  return item(relationship, "CODE", name, { ConceptCodeSequence: codeSequence(value) }, children);
}

export function textItem(relationship: Relationship, name: CodedConcept, text: string): ContentItem {
  requireText(text, Number.POSITIVE_INFINITY, name.meaning);
  return item(relationship, "TEXT", name, { TextValue: text });
}

export function uidItem(relationship: Relationship, name: CodedConcept, uid: string): ContentItem {
  requireUid(uid, name.meaning);
  return item(relationship, "UIDREF", name, { UID: uid });
}

export function numberItem(
  relationship: Relationship,
  name: CodedConcept,
  value: number,
  unit: CodedConcept,
  children: ContentItem[] = [],
): ContentItem {
  const text = String(value);
  if (!Number.isFinite(value) || text.length > DECIMAL_STRING_MAX) {
    throw invalid(`${name.meaning} is ${text}, which no Decimal String can hold`);
  }
  const measured = { NumericValue: text, MeasurementUnitsCodeSequence: codeSequence(unit) };
  return item(relationship, "NUM", name, { MeasuredValueSequence: [measured] }, children);
}

export function imageItem(relationship: Relationship, image: ImageReference): ContentItem {
  return item(relationship, "IMAGE", null, { ReferencedSOPSequence: [sopReference(image)] });
}

/** A rectangle on an image, as a closed polyline (PS3.3 C.18.6.1.2); OHIF knows no other shape for it. */
export function boxItem(
  relationship: Relationship,
  name: CodedConcept | null,
  box: Box,
  image: ImageReference & { rows: number; columns: number },
): ContentItem {
  const [left, top, right, bottom] = box;
  if (!(0 <= left && left < right && right <= image.columns && 0 <= top && top < bottom && bottom <= image.rows)) {
    throw invalid(`the box ${box.join(", ")} does not lie inside the image of ${image.columns} x ${image.rows} pixels`);
  }
  const corners = [left, top, right, top, right, bottom, left, bottom, left, top];
  const region = { GraphicType: "POLYLINE", GraphicData: corners };
  return item(relationship, "SCOORD", name, region, [imageItem("SELECTED FROM", image)]);
}

export function containerItem(relationship: Relationship, name: CodedConcept, children: ContentItem[]): ContentItem {
  if (children.length === 0) throw invalid(`the container ${name.meaning} would be empty`);
  return item(relationship, "CONTAINER", name, { ContinuityOfContent: "SEPARATE" }, children);
}

/** The attributes that make an SR document the root of its tree; only the root names its template. */
export function rootContainer(name: CodedConcept, templateId: string, children: ContentItem[]): NaturalDataset {
  return {
    ValueType: "CONTAINER",
    ConceptNameCodeSequence: codeSequence(name),
    ContinuityOfContent: "SEPARATE",
    ContentTemplateSequence: [{ MappingResource: "DCMR", TemplateIdentifier: templateId }],
    ContentSequence: children,
  };
}

export function sopReference({ sopClassUid, sopInstanceUid, frameNumber }: ImageReference): NaturalDataset {
  requireUid(sopClassUid, "SOP Class UID");
  requireUid(sopInstanceUid, "SOP Instance UID");
  return {
    ReferencedSOPClassUID: sopClassUid,
    ReferencedSOPInstanceUID: sopInstanceUid,
    ...(frameNumber === null ? {} : { ReferencedFrameNumber: frameNumber }),
  };
}

function item(
  relationship: Relationship,
  valueType: string,
  name: CodedConcept | null,
  value: NaturalDataset,
  children: ContentItem[] = [],
): ContentItem {
  return {
    RelationshipType: relationship,
    ValueType: valueType,
    ...(name === null ? {} : { ConceptNameCodeSequence: codeSequence(name) }),
    ...value,
    ...(children.length === 0 ? {} : { ContentSequence: children }),
  };
}

function requireText(text: string, maxLength: number, what: string): void {
  if (text.trim() === "") throw invalid(`${what} is empty`);
  if ([...text].length > maxLength) throw invalid(`${what} "${text}" is longer than ${maxLength} characters`);
}

function requireUid(uid: string, what: string): void {
  if (!uidSchema.safeParse(uid).success) throw invalid(`${what} "${uid}" is not a UID`);
}

function invalid(problem: string): VigilError {
  return new VigilError("report-invalid", `cannot write the structured report: ${problem}`);
}
