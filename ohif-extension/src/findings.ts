import type { Finding, KeySlice } from "../../src/contract/finding.ts";
import type { Prior } from "../../src/contract/prior.ts";
import { type SliceNumbers, type SliceRef, sliceKey, sliceNumbers } from "../../src/contract/slices.ts";
import type { StudyResource } from "../../src/contract/study.ts";
import { t } from "../../src/contract/translate.ts";
import {
  joined,
  LABEL_NAME,
  numberRanges,
  type StatusWords,
  sideWord,
  wasSeenWhole,
} from "../../src/contract/words.ts";
import { seriesNames } from "./series.ts";
import { statusOf } from "./studies.ts";

/** Questions about a study's findings. */

/** The finding for haemorrhage of any kind, which decides the flag. */
export function overallFinding(study: StudyResource): Finding | undefined {
  return study.findings.find(({ label }) => label === "any");
}

/** The kinds of haemorrhage, most probable first. */
export function subtypeFindings(study: StudyResource): Finding[] {
  return study.findings.filter(({ label }) => label !== "any").sort((a, b) => b.probability - a.probability);
}

/** Whether the model suspects it; a finding is also undetermined where something of the head was not seen. */
export function isSuspected({ presence, probability, undeterminedFrom }: Finding): boolean {
  return presence === "present" || (presence === "undetermined" && probability >= undeterminedFrom);
}

export type FindingTone = Extract<StatusWords["tone"], "critical" | "undetermined" | "negative">;

/** How strongly a finding stands out by itself. */
export function findingTone(finding: Finding): FindingTone {
  if (finding.presence === "present") return "critical";
  return isSuspected(finding) ? "undetermined" : "negative";
}

/** A key slice, and the finding that it is one of. */
export interface Visit {
  finding: Finding;
  slice: KeySlice;
}

/**
 * Every slice that there is to look at, once: those of the finding that decided the flag first, then those of each
 * kind, most probable first; strongest first within each.
 */
export function slicesToVisit(study: StudyResource): Visit[] {
  const overall = overallFinding(study);
  const findings = [...(overall === undefined ? [] : [overall]), ...subtypeFindings(study)];
  const visits = new Map<string, Visit>();
  for (const finding of findings) {
    for (const slice of finding.keySlices) {
      const key = sliceKey(slice);
      if (!visits.has(key)) visits.set(key, { finding, slice });
    }
  }
  return [...visits.values()];
}

/** The slice to show first. */
export function topKeySlice(study: StudyResource): KeySlice | undefined {
  return slicesToVisit(study)[0]?.slice;
}

/** Whether a slice alone counts as bleeding, may count, or does not. */
export function sliceTone(study: StudyResource, probability: number): FindingTone {
  const overall = overallFinding(study);
  if (overall === undefined) return "negative";
  if (probability >= overall.threshold) return "critical";
  return probability >= overall.undeterminedFrom ? "undetermined" : "negative";
}

/**
 * The verdict in a sentence, such as "Intraparenchymal and intraventricular, left. Slices 22–26." or "Possibly subdural,
 * right. Slice 7."; "" when nothing is suspected.
 */
export function verdictSentence(study: StudyResource): string {
  const overall = overallFinding(study);
  if (overall === undefined || !isSuspected(overall)) return "";
  const kinds = subtypeFindings(study).filter((kind) => kind.presence === overall.presence && isSuspected(kind));
  const what = kinds.length === 0 ? t("the kind is not determined") : kindsAndSides(kinds);
  const doubt = overall.presence === "undetermined" && kinds.length > 0 ? t("possibly ") : "";
  return [doubt + what, placesInWords(study, slicesOf(study, overall), sliceNumbers(study.slices))]
    .filter((sentence) => sentence !== "")
    .map((sentence) => `${capitalized(sentence)}.`)
    .join(" ");
}

/** "slices 22–26", or "slices 22–26 of Head 5.0; slice 3 of Repeat" where several series were read. */
export function placesInWords(study: StudyResource, slices: SliceRef[], numbers: SliceNumbers): string {
  const names = seriesNames(study);
  const bySeries = Map.groupBy(slices, ({ seriesInstanceUid }) => seriesInstanceUid);
  return [...bySeries]
    .map(([seriesInstanceUid, ofSeries]) => {
      const counted = ofSeries.flatMap((slice) => numbers.get(sliceKey(slice))?.number ?? []);
      if (counted.length === 0) return "";
      const ranges = numberRanges(counted);
      const place = counted.length > 1 ? t("slices {ranges}", { ranges }) : t("slice {ranges}", { ranges });
      if (names.size === 1) return place;
      return t("{place} of {series}", { place, series: names.get(seriesInstanceUid) ?? "" });
    })
    .filter((place) => place !== "")
    .join("; ");
}

function kindsAndSides(kinds: Finding[]): string {
  const sides = new Set(kinds.map(({ laterality }) => sideWord(laterality)));
  const parts =
    sides.size === 1
      ? [joined(kinds.map(({ label }) => t(LABEL_NAME[label]))), ...sides]
      : [joined(kinds.map(({ label, laterality }) => `${t(LABEL_NAME[label])} ${sideWord(laterality)}`.trim()))];
  return parts
    .filter((part) => part !== "")
    .join(", ")
    .toLowerCase();
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The slices that are suspicious by themselves; where only their sum is, the strongest ones. */
function slicesOf(study: StudyResource, overall: Finding): SliceRef[] {
  const from = overall.presence === "present" ? overall.threshold : overall.undeterminedFrom;
  const suspicious = study.slices.filter(({ probabilities }) => probabilities.any >= from);
  return suspicious.length > 0 ? suspicious : overall.keySlices;
}

/** Whether there is nothing to agree with: neither a bleed nor its absence is said. */
export function isVerdictOpen(study: StudyResource): boolean {
  const presence = overallFinding(study)?.presence;
  return presence === "undetermined" || (presence === "absent" && !wasSeenWhole(statusOf(study)));
}

/** Newest first; those without a date may be earlier. */
export function earlierStudies({ patient, priors }: StudyResource): Prior[] {
  const at = ({ studyDate, studyTime }: { studyDate: string; studyTime: string }) => `${studyDate} ${studyTime}`;
  return priors.filter((prior) => prior.studyDate === "" || patient.studyDate === "" || at(prior) <= at(patient));
}
