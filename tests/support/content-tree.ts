import dcmjs from "dcmjs";
import { z } from "zod";

const codes = z.array(z.object({ CodeValue: z.string(), CodingSchemeDesignator: z.string(), CodeMeaning: z.string() }));

const itemSchema = z.object({
  RelationshipType: z.string().optional(),
  ValueType: z.string(),
  ConceptNameCodeSequence: codes.optional(),
  ConceptCodeSequence: codes.optional(),
  TextValue: z.string().optional(),
  UID: z.string().optional(),
  MeasuredValueSequence: z
    .array(z.object({ NumericValue: z.number(), MeasurementUnitsCodeSequence: codes }))
    .optional(),
  GraphicData: z.array(z.number()).optional(),
  ReferencedSOPSequence: z.array(z.object({ ReferencedSOPInstanceUID: z.string() })).optional(),
  get ContentSequence() {
    return z.array(itemSchema).optional();
  },
});
type Item = z.infer<typeof itemSchema>;

/** A content item as a test wants to see it: codes by their value, whatever the value type is as `value`. */
export interface ContentNode {
  relationship: string | undefined;
  type: string;
  name: string | undefined;
  value: string | number | number[] | undefined;
  unit: string | undefined;
  children: ContentNode[];
}

/** The data set of a Part 10 file by keyword. */
export function readDataset(bytes: Uint8Array): Record<string, unknown> {
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  return dcmjs.data.DicomMetaDictionary.naturalizeDataset(dcmjs.data.DicomMessage.readFile(buffer).dict);
}

/** The content tree of a structured report. */
export function readContentTree(bytes: Uint8Array): ContentNode {
  return node(itemSchema.parse(readDataset(bytes)));
}

function node(item: Item): ContentNode {
  const measured = item.MeasuredValueSequence?.[0];
  return {
    relationship: item.RelationshipType,
    type: item.ValueType,
    name: item.ConceptNameCodeSequence?.[0]?.CodeValue,
    value:
      item.ConceptCodeSequence?.[0]?.CodeValue ??
      item.TextValue ??
      item.UID ??
      measured?.NumericValue ??
      item.GraphicData ??
      item.ReferencedSOPSequence?.[0]?.ReferencedSOPInstanceUID,
    unit: measured?.MeasurementUnitsCodeSequence[0]?.CodeValue,
    children: (item.ContentSequence ?? []).map(node),
  };
}

/** The children of a node with this concept name. */
export function named(parent: ContentNode | undefined, code: string): ContentNode[] {
  return parent?.children.filter((child) => child.name === code) ?? [];
}
