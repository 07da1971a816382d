import { encodeDicom } from "../dicom/encode.ts";
import { derivedUid } from "../dicom/uid.ts";
import { VigilError } from "../errors.ts";
import { LABELS } from "../labels.ts";
import { type AnalysedStudy, measurementReport } from "./measurement-report.ts";
import { reportDocument } from "./report-document.ts";
import type { ObjectReference, ReportInput, ReportObject } from "./report-input.ts";

const COMPREHENSIVE_SR_STORAGE = "1.2.840.10008.5.1.4.1.1.88.33";

export interface ReportOptions {
  /** The report that this one supersedes. */
  predecessor?: ObjectReference;
  /** When the report is written; the present when absent. */
  now?: Date;
}

/**
 * The structured report of an analysed study: Comprehensive SR, template TID 1500. Its UIDs derive from study, content
 * and model, so that writing it twice makes one object.
 * @throws VigilError report-invalid, for a study that was not analysed too
 */
export function buildStructuredReport(
  input: ReportInput,
  { predecessor, now = new Date() }: ReportOptions = {},
): ReportObject {
  const study = requireAnalysed(input);
  const identity = identityOf(study);
  // The same content scored again by the same model gives the same report, which does not supersede itself.
  const superseded = predecessor?.sopInstanceUid === identity.sopInstanceUid ? undefined : predecessor;
  const bytes = encodeDicom({ ...reportDocument(study, identity, superseded, now), ...measurementReport(study) });
  return { kind: "sr", ...identity, bytes };
}

function identityOf({ result, model, contentHash }: AnalysedStudy): ObjectReference {
  const parts = [result.studyInstanceUid, contentHash, model.name, model.version];
  return {
    sopClassUid: COMPREHENSIVE_SR_STORAGE,
    sopInstanceUid: derivedUid("vigil", "sr", ...parts),
    seriesInstanceUid: derivedUid("vigil", "sr series", ...parts),
  };
}

function requireAnalysed(input: ReportInput): AnalysedStudy {
  const { result, image } = input;
  const { seriesInstanceUid, model } = result;
  const refuse = (why: string) =>
    new VigilError("report-invalid", `no structured report for study ${result.studyInstanceUid}: ${why}`);
  if (result.reason !== null) throw refuse(`it was not analysed (${result.reason})`);
  if (image === null || seriesInstanceUid === null || result.slices.length === 0) {
    throw refuse("it has no series that was read");
  }
  if (model === null) throw refuse("it does not say which model scored it");
  const missing = LABELS.filter((label) => !result.findings.some((finding) => finding.label === label));
  if (missing.length > 0) throw refuse(`the result says nothing about ${missing.join(", ")}`);
  return { ...input, image, seriesInstanceUid, model };
}
