import type { Box, Finding } from "../contract/finding.ts";
import { FINDING_CODES, LATERALITY_CODES, PRESENCE_CODES } from "../contract/finding-codes.ts";
import type { ModelRef } from "../contract/model.ts";
import { CODES } from "../contract/report-codes.ts";
import { derivedUid } from "../dicom/derived-uid.ts";
import {
  boxItem,
  type ContentItem,
  codeItem,
  containerItem,
  type ImageReference,
  numberItem,
  textItem,
  uidItem,
} from "./content-item.ts";
import { algorithmIdentification } from "./observer.ts";

/** Where a finding is seen best. */
export interface FindingRegion {
  image: ImageReference & { rows: number; columns: number };
  box: Box;
}

/**
 * TID 1410: one finding with the region that shows it. The region stands in the group and again below the probability:
 * OHIF lists a group by the one and makes a measurement of the other.
 */
export function measurementGroup(
  finding: Finding,
  region: FindingRegion,
  model: ModelRef,
  studyInstanceUid: string,
): ContentItem {
  const codes = FINDING_CODES[finding.label];
  const laterality = finding.laterality === null ? null : LATERALITY_CODES[finding.laterality];
  const site = laterality === null ? [] : [codeItem("HAS CONCEPT MOD", CODES.laterality, laterality)];
  const regionBelowProbability = boxItem("INFERRED FROM", null, region.box, region.image);
  return containerItem("CONTAINS", CODES.measurementGroup, [
    textItem("HAS OBS CONTEXT", CODES.trackingIdentifier, `Vigil ${finding.label}`),
    uidItem("HAS OBS CONTEXT", CODES.trackingUniqueIdentifier, trackingUid(studyInstanceUid, finding)),
    codeItem("CONTAINS", CODES.finding, codes.finding),
    codeItem("HAS CONCEPT MOD", CODES.findingSite, codes.site, site),
    ...algorithmIdentification(model, operatingPoint(finding)),
    boxItem("CONTAINS", CODES.imageRegion, region.box, region.image),
    probabilityItem("CONTAINS", finding, [regionBelowProbability]),
    codeItem("CONTAINS", CODES.presence, PRESENCE_CODES[finding.presence]),
  ]);
}

/** The study probability in per cent, with one decimal: more digits than a reader can use would only suggest precision. */
export function probabilityItem(
  relationship: "CONTAINS" | "HAS PROPERTIES",
  finding: Finding,
  children: ContentItem[] = [],
): ContentItem {
  const percent = Number((finding.probability * 100).toFixed(1));
  return numberItem(relationship, CODES.probability, percent, CODES.percent, children);
}

/** Stays the same when the study is scored again, so that readers can follow a finding from report to report. */
function trackingUid(studyInstanceUid: string, finding: Finding): string {
  return derivedUid("vigil", "tracking", studyInstanceUid, finding.label);
}

function operatingPoint(finding: Finding): string {
  return `present from ${finding.threshold}, undetermined from ${finding.undeterminedFrom}`;
}
