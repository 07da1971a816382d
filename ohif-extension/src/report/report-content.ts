import type { Laterality, Presence } from "../../../src/contract/finding.ts";
import { FINDING_CODES, LATERALITY_CODES, PRESENCE_CODES } from "../../../src/contract/finding-codes.ts";
import { LABELS, type Label } from "../../../src/contract/labels.ts";
import { CODES } from "../../../src/contract/report-codes.ts";
import type { SliceRef } from "../../../src/contract/slices.ts";
import { COMMENT_PREFIX } from "../../../src/contract/words.ts";
import {
  type Dataset,
  firstNumber,
  firstText,
  hasValue,
  isNamed,
  named,
  number,
  sequence,
  text,
} from "./content-tree.ts";

/** What one of our structured reports (TID 1500) says, taken from the report itself and from nothing else. */
export interface ReportContent {
  /** The one for any haemorrhage first. */
  evaluations: Evaluation[];
  /** What was not seen, and what was odd, a sentence each. */
  notSeen: string[];
  warnings: string[];
  /** Whether the report calls the analysis complete. */
  seenWhole: boolean;
  comments: string[];
  model: string;
  modelVersion: string;
  /** YYYYMMDD and HHMMSS, as written. */
  contentDate: string;
  contentTime: string;
  isVerified: boolean;
  /** SOP Instance UIDs of the reports that this one replaces. */
  predecessors: string[];
}

export interface Evaluation {
  label: Label;
  presence: Presence;
  /** 0 to 1 */
  probability: number | undefined;
  region: Region | undefined;
}

/** Where a present finding is seen best. */
export interface Region extends SliceRef {
  /** Column and row of its middle. */
  middle: [number, number];
  laterality: Laterality | undefined;
}

const OVERALL_FIRST: Label[] = ["any", ...LABELS.filter((label) => label !== "any")];

export function reportContent(report: Dataset): ReportContent {
  const container = named(report, CODES.qualitativeEvaluations)[0] ?? {};
  const regions = findingRegions(report);
  const equipment = sequence(report.ContributingEquipmentSequence)[0] ?? {};
  const comments = named(container, CODES.comment).map(text);
  const notSeen = withoutPrefix(comments, COMMENT_PREFIX.notSeen);
  return {
    evaluations: OVERALL_FIRST.flatMap((label) => {
      const item = childOfLabel(container, label);
      const presence = item && keyOf(PRESENCE_CODES, (code) => hasValue(item, code));
      if (item === undefined || presence === undefined) return [];
      return [{ label, presence, probability: probability(item), region: regions.get(label) }];
    }),
    notSeen,
    warnings: withoutPrefix(comments, COMMENT_PREFIX.warning),
    seenWhole: notSeen.length === 0 && !isPartial(container),
    comments: comments.filter((comment) => !PREFIXES.some((prefix) => comment.startsWith(prefix))),
    model: firstText(equipment.ManufacturerModelName),
    modelVersion: firstText(equipment.SoftwareVersions),
    contentDate: firstText(report.ContentDate),
    contentTime: firstText(report.ContentTime),
    isVerified: report.VerificationFlag === "VERIFIED",
    predecessors: [...referencedObjects(report.PredecessorDocumentsSequence).keys()],
  };
}

const PREFIXES = Object.values(COMMENT_PREFIX);

function withoutPrefix(comments: string[], prefix: string): string[] {
  return comments.filter((comment) => comment.startsWith(prefix)).map((comment) => comment.slice(prefix.length));
}

/** CID 6047: "not all algorithms succeeded". */
function isPartial(container: Dataset): boolean {
  const partial = [CODES.partlySucceededWithoutFindings, CODES.partlySucceededWithFindings];
  return named(container, CODES.findingsSummary).some((item) => partial.some((code) => hasValue(item, code)));
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
  const seriesOf = referencedObjects(report.CurrentRequestedProcedureEvidenceSequence);
  const groups = named(report, CODES.imagingMeasurements).flatMap((item) => named(item, CODES.measurementGroup));
  const regions = new Map<Label, Region>();
  for (const group of groups) {
    const label = LABELS.find((candidate) => {
      const { finding, site } = FINDING_CODES[candidate];
      return named(group, CODES.finding).some((item) => hasValue(item, finding)) && hasSite(group, site);
    });
    const region = regionOf(group, seriesOf);
    if (label !== undefined && region !== undefined) regions.set(label, region);
  }
  return regions;
}

function regionOf(group: Dataset, seriesOf: ReadonlyMap<string, string>): Region | undefined {
  const [polyline] = named(group, CODES.imageRegion);
  const corners = polyline?.GraphicData;
  if (polyline === undefined || !Array.isArray(corners)) return undefined;
  const image = sequence(polyline.ContentSequence).flatMap((item) => sequence(item.ReferencedSOPSequence))[0];
  const side = named(group, CODES.findingSite).flatMap((site) => named(site, CODES.laterality))[0];
  const sopInstanceUid = firstText(image?.ReferencedSOPInstanceUID);
  return {
    seriesInstanceUid: seriesOf.get(sopInstanceUid) ?? "",
    sopInstanceUid,
    frameNumber: firstNumber(image?.ReferencedFrameNumber) ?? null,
    middle: [middle(corners.filter((_, i) => i % 2 === 0)), middle(corners.filter((_, i) => i % 2 === 1))],
    laterality: side && keyOf(LATERALITY_CODES, (code) => code !== null && hasValue(side, code)),
  };
}

function middle(coordinates: unknown[]): number {
  const numbers = coordinates.map(Number);
  return (Math.min(...numbers) + Math.max(...numbers)) / 2;
}

/** The Series Instance UID of each object that a hierarchy (PS3.3 Table C.17-3) names, by SOP Instance UID. */
function referencedObjects(studies: unknown): Map<string, string> {
  const series = sequence(studies).flatMap((study) => sequence(study.ReferencedSeriesSequence));
  return new Map(
    series.flatMap(({ SeriesInstanceUID, ReferencedSOPSequence }) =>
      sequence(ReferencedSOPSequence).map((object): [string, string] => [
        firstText(object.ReferencedSOPInstanceUID),
        firstText(SeriesInstanceUID),
      ]),
    ),
  );
}

function keyOf<K extends string, V>(table: Record<K, V>, matches: (value: V) => boolean): K | undefined {
  return (Object.keys(table) as K[]).find((key) => matches(table[key]));
}

/** Whether a report is one of ours and has the shape that this page reads. */
export function isVigilReport(instance: Dataset): boolean {
  return instance.Manufacturer === "Vigil" && isNamed(instance, CODES.imagingMeasurementReport);
}
