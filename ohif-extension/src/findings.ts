import type { Finding, KeySlice } from "../../src/contract/finding.ts";
import type { StudyResource } from "../../src/contract/study.ts";
import { joined, LABEL_NAME, numberRanges, sideWord } from "../../src/contract/words.ts";

/** Questions about a study's findings. */

/** The finding for haemorrhage of any kind, which decides the flag. */
export function overallFinding(study: StudyResource): Finding | undefined {
  return study.findings.find(({ label }) => label === "any");
}

/** The kinds of haemorrhage, most probable first. */
export function subtypeFindings(study: StudyResource): Finding[] {
  return study.findings.filter(({ label }) => label !== "any").sort((a, b) => b.probability - a.probability);
}

/** A finding with a place to look at. */
export interface LocatedFinding extends Finding {
  keySlices: [KeySlice, ...KeySlice[]];
}

function isLocated(finding: Finding): finding is LocatedFinding {
  return finding.keySlices.length > 0;
}

/** What there is to look at, most probable first: each kind, or the whole when no kind stands out. */
export function findingsToVisit(study: StudyResource): LocatedFinding[] {
  const kinds = subtypeFindings(study).filter(isLocated);
  return kinds.length > 0 ? kinds : study.findings.filter(isLocated);
}

/** The slice to show first. */
export function topKeySlice(study: StudyResource): KeySlice | undefined {
  return findingsToVisit(study)[0]?.keySlices[0];
}

/** Whether a slice alone counts as bleeding, may count, or does not. */
export function sliceTone(study: StudyResource, probability: number): "critical" | "undetermined" | "negative" {
  const overall = overallFinding(study);
  if (overall === undefined) return "negative";
  if (probability >= overall.threshold) return "critical";
  return probability >= overall.undeterminedFrom ? "undetermined" : "negative";
}

/**
 * The verdict in a sentence, such as "Intraparenchymal and intraventricular, left. Slices 22–26." or "Possibly subdural,
 * right. Slice 7."; "" when nothing was found.
 * @param numbers how the viewer counts the slices, by SOP Instance UID
 */
export function verdictSentence(study: StudyResource, numbers: ReadonlyMap<string, number>): string {
  const overall = overallFinding(study);
  if (overall === undefined || overall.presence === "absent") return "";
  const kinds = subtypeFindings(study).filter(({ presence }) => presence === overall.presence);
  const what = kinds.length === 0 ? "the kind is not determined" : kindsAndSides(kinds);
  const doubt = overall.presence === "undetermined" && kinds.length > 0 ? "possibly " : "";
  const slices = slicesOf(study, overall).flatMap((sopInstanceUid) => numbers.get(sopInstanceUid) ?? []);
  const where = slices.length === 0 ? "" : ` Slice${slices.length > 1 ? "s" : ""} ${numberRanges(slices)}.`;
  return `${capitalized(doubt + what)}.${where}`;
}

function kindsAndSides(kinds: Finding[]): string {
  const sides = new Set(kinds.map(({ laterality }) => sideWord(laterality)));
  const parts =
    sides.size === 1
      ? [joined(kinds.map(({ label }) => LABEL_NAME[label])), ...sides]
      : [joined(kinds.map(({ label, laterality }) => `${LABEL_NAME[label]} ${sideWord(laterality)}`.trim()))];
  return parts
    .filter((part) => part !== "")
    .join(", ")
    .toLowerCase();
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The slices that are suspicious by themselves; where only their sum is, the strongest ones. */
function slicesOf(study: StudyResource, overall: Finding): string[] {
  const from = overall.presence === "present" ? overall.threshold : overall.undeterminedFrom;
  const suspicious = study.slices.filter(({ probabilities }) => probabilities.any >= from);
  return (suspicious.length > 0 ? suspicious : overall.keySlices).map(({ sopInstanceUid }) => sopInstanceUid);
}
