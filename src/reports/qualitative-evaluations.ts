import type { Finding, StudyResult } from "../result.ts";
import { CODES, type CodedConcept } from "./codes.ts";
import { type ContentItem, codeItem, containerItem, textItem } from "./content-item.ts";
import { FINDING_CODES, findingName, PRESENCE_CODES } from "./finding-codes.ts";
import { probabilityItem } from "./measurement-group.ts";

const RESEARCH_USE_ONLY =
  "Research use only: not a medical device, not for diagnosis. Written by an algorithm; no person has verified it.";

/** TID 1500's evaluations of the whole study: presence and probability of every label, and what a reader must know. */
export function qualitativeEvaluations(result: StudyResult): ContentItem {
  const comments = [
    RESEARCH_USE_ONLY,
    whatWasRead(result),
    ...result.findings.filter(({ keySlices }) => keySlices.length > 0).map((finding) => whereSeen(finding, result)),
    ...result.warnings.map((warning) => `Warning: ${warning.message}`),
  ];
  return containerItem("CONTAINS", CODES.qualitativeEvaluations, [
    ...outcome(result),
    ...result.findings.map(evaluation),
    ...comments.map((text) => textItem("CONTAINS", CODES.comment, text)),
  ]);
}

/** The whole analysis in one code; left out where neither "with" nor "without findings" would be true. */
function outcome({ findings }: StudyResult): ContentItem[] {
  const say = (value: CodedConcept) => [codeItem("CONTAINS", CODES.findingsSummary, value)];
  if (findings.some(({ presence }) => presence === "present")) return say(CODES.succeededWithFindings);
  if (findings.every(({ presence }) => presence === "absent")) return say(CODES.succeededWithoutFindings);
  return [];
}

function evaluation(finding: Finding): ContentItem {
  const codes = FINDING_CODES[finding.label];
  return codeItem("CONTAINS", codes.finding, PRESENCE_CODES[finding.presence], [
    codeItem("HAS CONCEPT MOD", CODES.findingSite, codes.site),
    probabilityItem("HAS PROPERTIES", finding),
  ]);
}

function whatWasRead({ slices, seriesInstanceUid }: StudyResult): string {
  const positions = slices.map((slice) => slice.positionMm);
  const range = `${Math.min(...positions).toFixed(1)} mm to ${Math.max(...positions).toFixed(1)} mm`;
  return `Read ${slices.length} slices, ${range}, of series ${seriesInstanceUid}.`;
}

function whereSeen({ label, keySlices }: Finding, { slices }: StudyResult): string {
  const numbers = keySlices.map((slice) => slice.z + 1).join(", ");
  return `${findingName(label)}: strongest in slice ${numbers} of ${slices.length}, counted from the lowest.`;
}
