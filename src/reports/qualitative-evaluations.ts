import type { Finding } from "../contract/finding.ts";
import { FINDING_CODES, findingName, PRESENCE_CODES } from "../contract/finding-codes.ts";
import { CODES, type CodedConcept } from "../contract/report-codes.ts";
import type { Analysed } from "../contract/result.ts";
import { sliceKey, sliceNumbers } from "../contract/slices.ts";
import { COMMENT_PREFIX } from "../contract/words.ts";
import { type ContentItem, codeItem, containerItem, textItem } from "./content-item.ts";
import { probabilityItem } from "./measurement-group.ts";

const RESEARCH_USE_ONLY =
  "Research use only: not a medical device, not for diagnosis. Written by an algorithm; no person has verified it.";

/** TID 1500's evaluations of the whole study: presence and probability of every label, and what a reader must know. */
export function qualitativeEvaluations(result: Analysed): ContentItem {
  const comments = [
    RESEARCH_USE_ONLY,
    ...whatWasRead(result),
    ...result.findings.filter(({ keySlices }) => keySlices.length > 0).map((finding) => whereSeen(finding, result)),
    ...result.warnings.map(({ message, limitsFlag }) => COMMENT_PREFIX[limitsFlag ? "notSeen" : "warning"] + message),
  ];
  return containerItem("CONTAINS", CODES.qualitativeEvaluations, [
    ...outcome(result),
    ...result.findings.map(evaluation),
    ...comments.map((text) => textItem("CONTAINS", CODES.comment, text)),
  ]);
}

/** The whole analysis in one code; left out where neither "with" nor "without findings" would be true. */
function outcome({ findings, warnings }: Analysed): ContentItem[] {
  const say = (value: CodedConcept) => [codeItem("CONTAINS", CODES.findingsSummary, value)];
  const seenWhole = !warnings.some(({ limitsFlag }) => limitsFlag);
  const found = findings.some(({ presence }) => presence === "present");
  if (found) return say(seenWhole ? CODES.succeededWithFindings : CODES.partlySucceededWithFindings);
  if (!seenWhole) return say(CODES.partlySucceededWithoutFindings);
  return findings.every(({ presence }) => presence === "absent") ? say(CODES.succeededWithoutFindings) : [];
}

function evaluation(finding: Finding): ContentItem {
  const codes = FINDING_CODES[finding.label];
  return codeItem("CONTAINS", codes.finding, PRESENCE_CODES[finding.presence], [
    codeItem("HAS CONCEPT MOD", CODES.findingSite, codes.site),
    probabilityItem("HAS PROPERTIES", finding),
  ]);
}

/** One sentence for each series. */
function whatWasRead({ slices }: Analysed): string[] {
  const bySeries = Map.groupBy(slices, (slice) => slice.seriesInstanceUid);
  return [...bySeries].map(([seriesInstanceUid, read]) => {
    const positions = read.map((slice) => slice.positionMm);
    const range = `${Math.min(...positions).toFixed(1)} mm to ${Math.max(...positions).toFixed(1)} mm`;
    return `Read ${read.length} slices, ${range}, of series ${seriesInstanceUid}.`;
  });
}

function whereSeen({ label, keySlices }: Finding, { slices }: Analysed): string {
  const numbers = sliceNumbers(slices);
  const places = keySlices.flatMap((slice) => numbers.get(sliceKey(slice)) ?? []);
  const counted = places.map(({ number }) => number).join(", ");
  return `${findingName(label)}: strongest in slice ${counted} of ${places[0]?.of}, counted from the lowest.`;
}
