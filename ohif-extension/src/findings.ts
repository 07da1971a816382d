import type { Finding, KeySlice } from "../../src/result.ts";
import type { StudyResource } from "../../src/triage/resources.ts";
import { joined, LABEL_NAME, numberRanges, sideWord } from "./words.ts";

/** Questions about a study's findings. */

/** The finding for haemorrhage of any kind, which decides the flag. */
export function overallFinding(study: StudyResource): Finding | undefined {
  return study.findings.find(({ label }) => label === "any");
}

/** The kinds of haemorrhage, most probable first. */
export function subtypeFindings(study: StudyResource): Finding[] {
  return study.findings.filter(({ label }) => label !== "any").sort((a, b) => b.probability - a.probability);
}

/** What there is to look at, most probable first: each present kind, or the whole when no kind stands out. */
export function findingsToVisit(study: StudyResource): (Finding & { keySlices: [KeySlice, ...KeySlice[]] })[] {
  const located = [...subtypeFindings(study), ...study.findings.filter(({ label }) => label === "any")].filter(
    (finding): finding is Finding & { keySlices: [KeySlice, ...KeySlice[]] } => finding.keySlices.length > 0,
  );
  const kinds = located.filter(({ label }) => label !== "any");
  return kinds.length > 0 ? kinds : located;
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
 * The verdict in a sentence, such as "Intraparenchymal and intraventricular, left. Slices 22–26."; "" when nothing was
 * found.
 * @param numbers how the viewer counts the slices, by SOP Instance UID
 */
export function verdictSentence(study: StudyResource, numbers: ReadonlyMap<string, number>): string {
  if (study.flag !== "critical") return "";
  const present = subtypeFindings(study).filter(({ presence }) => presence === "present");
  const slices = positiveSlices(study).flatMap((sopInstanceUid) => numbers.get(sopInstanceUid) ?? []);
  const where = slices.length === 0 ? "" : ` Slice${slices.length > 1 ? "s" : ""} ${numberRanges(slices)}.`;
  return `${kindsAndSides(present)}.${where}`;
}

function kindsAndSides(present: Finding[]): string {
  if (present.length === 0) return "The kind is not determined";
  const sides = new Set(present.map(({ laterality }) => sideWord(laterality)));
  const kinds =
    sides.size === 1
      ? [joined(present.map(({ label }) => LABEL_NAME[label])), ...sides]
      : [joined(present.map(({ label, laterality }) => `${LABEL_NAME[label]} ${sideWord(laterality)}`.trim()))];
  const text = kinds
    .filter((part) => part !== "")
    .join(", ")
    .toLowerCase();
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The slices that count by themselves; where only their sum does, the strongest ones. */
function positiveSlices(study: StudyResource): string[] {
  const positive = study.slices.filter(({ probabilities }) => sliceTone(study, probabilities.any) === "critical");
  return positive.length > 0
    ? positive.map(({ sopInstanceUid }) => sopInstanceUid)
    : (overallFinding(study)?.keySlices.map(({ sopInstanceUid }) => sopInstanceUid) ?? []);
}
