import type { Laterality, Presence } from "../../../src/contract/finding.ts";
import { FINDING_CODES, LATERALITY_CODES, PRESENCE_CODES } from "../../../src/contract/finding-codes.ts";
import { LABELS, type Label } from "../../../src/contract/labels.ts";
import { CODES } from "../../../src/contract/report-codes.ts";
import { type Dataset, firstText, hasValue, isNamed, named, number, sequence, text } from "./content-tree.ts";

/** What one of our structured reports (TID 1500) says, taken from the report itself and from nothing else. */
export interface ReportContent {
  /** The one for any haemorrhage first. */
  evaluations: Evaluation[];
  comments: string[];
  model: string;
  modelVersion: string;
  /** YYYYMMDD and HHMMSS, as written. */
  contentDate: string;
  contentTime: string;
  isVerified: boolean;
  /** SOP Instance UIDs of the reports that this one replaces. */
  predecessors: string[];
  /** The series that was read. */
  seriesInstanceUid: string;
}

export interface Evaluation {
  label: Label;
  presence: Presence;
  /** 0 to 1 */
  probability: number | undefined;
  region: Region | undefined;
}

/** Where a present finding is seen best. */
export interface Region {
  sopInstanceUid: string;
  /** Column and row of its middle. */
  middle: [number, number];
  laterality: Laterality | undefined;
}

const OVERALL_FIRST: Label[] = ["any", ...LABELS.filter((label) => label !== "any")];

export function reportContent(report: Dataset): ReportContent {
  const container = named(report, CODES.qualitativeEvaluations)[0] ?? {};
  const regions = findingRegions(report);
  const equipment = sequence(report.ContributingEquipmentSequence)[0] ?? {};
  const [evidence] = sequence(report.CurrentRequestedProcedureEvidenceSequence);
  return {
    evaluations: OVERALL_FIRST.flatMap((label) => {
      const item = childOfLabel(container, label);
      const presence = item && keyOf(PRESENCE_CODES, (code) => hasValue(item, code));
      if (item === undefined || presence === undefined) return [];
      return [{ label, presence, probability: probability(item), region: regions.get(label) }];
    }),
    comments: named(container, CODES.comment).map(text),
    model: firstText(equipment.ManufacturerModelName),
    modelVersion: firstText(equipment.SoftwareVersions),
    contentDate: firstText(report.ContentDate),
    contentTime: firstText(report.ContentTime),
    isVerified: report.VerificationFlag === "VERIFIED",
    predecessors: referencedObjects(report.PredecessorDocumentsSequence),
    seriesInstanceUid: firstText(sequence(evidence?.ReferencedSeriesSequence)[0]?.SeriesInstanceUID),
  };
}

/** A code alone does not always tell the label: haemorrhage "in a ventricle" is told by the site below it. */
function childOfLabel(container: Dataset, label: Label): Dataset | undefined {
  const { finding, site } = FINDING_CODES[label];
  return named(container, finding).find((item) => hasSite(item, site));
}

function hasSite(item: Dataset, site: (typeof FINDING_CODES)[Label]["site"]): boolean {
  return named(item, CODES.findingSite).some((child) => hasValue(child, site));
}

function probability(item: Dataset): number | undefined {
  const percent = number(named(item, CODES.probability)[0]);
  return percent === undefined ? undefined : percent / 100;
}

function findingRegions(report: Dataset): Map<Label, Region> {
  const groups = named(report, CODES.imagingMeasurements).flatMap((item) => named(item, CODES.measurementGroup));
  const regions = new Map<Label, Region>();
  for (const group of groups) {
    const label = LABELS.find((candidate) => {
      const { finding, site } = FINDING_CODES[candidate];
      return named(group, CODES.finding).some((item) => hasValue(item, finding)) && hasSite(group, site);
    });
    const region = regionOf(group);
    if (label !== undefined && region !== undefined) regions.set(label, region);
  }
  return regions;
}

function regionOf(group: Dataset): Region | undefined {
  const [polyline] = named(group, CODES.imageRegion);
  const corners = polyline?.GraphicData;
  if (polyline === undefined || !Array.isArray(corners)) return undefined;
  const image = sequence(polyline.ContentSequence).flatMap((item) => sequence(item.ReferencedSOPSequence))[0];
  const side = named(group, CODES.findingSite).flatMap((site) => named(site, CODES.laterality))[0];
  return {
    sopInstanceUid: firstText(image?.ReferencedSOPInstanceUID),
    middle: [middle(corners.filter((_, i) => i % 2 === 0)), middle(corners.filter((_, i) => i % 2 === 1))],
    laterality: side && keyOf(LATERALITY_CODES, (code) => code !== null && hasValue(side, code)),
  };
}

function middle(coordinates: unknown[]): number {
  const numbers = coordinates.map(Number);
  return (Math.min(...numbers) + Math.max(...numbers)) / 2;
}

function referencedObjects(documents: unknown): string[] {
  return sequence(documents)
    .flatMap((study) => sequence(study.ReferencedSeriesSequence))
    .flatMap((series) => sequence(series.ReferencedSOPSequence))
    .map((object) => firstText(object.ReferencedSOPInstanceUID));
}

function keyOf<K extends string, V>(table: Record<K, V>, matches: (value: V) => boolean): K | undefined {
  return (Object.keys(table) as K[]).find((key) => matches(table[key]));
}

/** Whether a report is one of ours and has the shape that this page reads. */
export function isVigilReport(instance: Dataset): boolean {
  return instance.Manufacturer === "Vigil" && isNamed(instance, CODES.imagingMeasurementReport);
}
