import type { ObjectReference, ReportFile } from "../contract/delivery.ts";
import { LABELS } from "../contract/labels.ts";
import { derivedUid } from "../dicom/derived-uid.ts";
import { encodeDicom } from "../dicom/encode.ts";
import { SOP_CLASS } from "../dicom/uids.ts";
import { VigilError } from "../errors.ts";
import { measurementReport } from "./measurement-report.ts";
import { reportDocument } from "./report-document.ts";
import type { ReportSource } from "./report-source.ts";

export interface ReportOptions {
  /** The report that this one supersedes. */
  predecessor?: ObjectReference;
  /** When the report is written; the present when absent. */
  now?: Date;
}

/**
 * The structured report of an analysed study: Comprehensive SR, template TID 1500. Its UIDs derive from study, content
 * and model, so that writing it twice makes one object.
 * @throws VigilError report-invalid
 */
export function buildStructuredReport(
  study: ReportSource,
  { predecessor, now = new Date() }: ReportOptions = {},
): ReportFile {
  requireComplete(study);
  const identity = identityOf(study);
  // The same content scored again by the same model gives the same report, which does not supersede itself.
  const superseded = predecessor?.sopInstanceUid === identity.sopInstanceUid ? undefined : predecessor;
  const bytes = encodeDicom({ ...reportDocument(study, identity, superseded, now), ...measurementReport(study) });
  return { kind: "sr", ...identity, bytes };
}

function identityOf({ result, contentHash }: ReportSource): ObjectReference {
  const parts = [result.studyInstanceUid, contentHash, result.model.name, result.model.version];
  return {
    sopClassUid: SOP_CLASS.comprehensiveSr,
    sopInstanceUid: derivedUid("vigil", "sr", ...parts),
    seriesInstanceUid: derivedUid("vigil", "sr series", ...parts),
  };
}

function requireComplete({ result }: ReportSource): void {
  const missing = LABELS.filter((label) => !result.findings.some((finding) => finding.label === label));
  if (missing.length === 0) return;
  const why = `the result says nothing about ${missing.join(", ")}`;
  throw new VigilError("report-invalid", `no structured report for study ${result.studyInstanceUid}: ${why}`);
}
