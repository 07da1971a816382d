import type { CodedConcept } from "../../../src/contract/report-codes.ts";

/**
 * Walks the content tree of a structured report as OHIF hands it out: naturalised by dcmjs, a sequence of one item
 * being either that item or a list of one.
 */

/** A data set by keyword. */
export type Dataset = Readonly<Record<string, unknown>>;

export function sequence(value: unknown): Dataset[] {
  if (value === undefined || value === null) return [];
  return (Array.isArray(value) ? value : [value]) as Dataset[];
}

export function children(item: Dataset): Dataset[] {
  return sequence(item.ContentSequence);
}

function isCode(codes: unknown, concept: CodedConcept): boolean {
  return sequence(codes).some(
    ({ CodeValue, CodingSchemeDesignator }) => CodeValue === concept.value && CodingSchemeDesignator === concept.scheme,
  );
}

export function isNamed(item: Dataset, concept: CodedConcept): boolean {
  return isCode(item.ConceptNameCodeSequence, concept);
}

export function hasValue(item: Dataset, concept: CodedConcept): boolean {
  return isCode(item.ConceptCodeSequence, concept);
}

/** The children of that name. */
export function named(item: Dataset, concept: CodedConcept): Dataset[] {
  return children(item).filter((child) => isNamed(child, concept));
}

export function text(item: Dataset | undefined): string {
  return typeof item?.TextValue === "string" ? item.TextValue : "";
}

export function number(item: Dataset | undefined): number | undefined {
  const value = Number(sequence(item?.MeasuredValueSequence)[0]?.NumericValue);
  return Number.isFinite(value) ? value : undefined;
}

/** The first of a value that may be a list. */
export function firstText(value: unknown): string {
  const [first] = Array.isArray(value) ? value : [value];
  return typeof first === "string" ? first : "";
}

/** The same for a number, which dcmjs hands out as one or as text. */
export function firstNumber(value: unknown): number | undefined {
  const [first] = Array.isArray(value) ? value : [value];
  const number = typeof first === "string" || typeof first === "number" ? Number(first) : Number.NaN;
  return Number.isNaN(number) ? undefined : number;
}
