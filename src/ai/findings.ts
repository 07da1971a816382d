import type { Finding, KeySlice, Presence } from "../contract/finding.ts";
import type { HeatMap } from "../contract/heat-map.ts";
import { LABELS, type Label, type PerLabel } from "../contract/labels.ts";
import type { Analysed } from "../contract/result.ts";
import { derivedUid } from "../dicom/derived-uid.ts";
import type { CtVolume } from "../dicom/volume.ts";
import type { Probabilities } from "./aggregate.ts";
import { hotBox, lateralityOf } from "./localization.ts";
import type { Manifest } from "./manifest.ts";
import { findMidline } from "./midline.ts";

const MAX_KEY_SLICES = 3;
/** A further peak must be at least this strong, compared with the strongest. */
const MIN_SHARE_OF_PEAK = 0.5;

const RANK: Record<Presence, number> = { absent: 0, undetermined: 1, present: 2 };
const FLAG: Record<Presence, Analysed["flag"]> = {
  absent: "negative",
  undetermined: "undetermined",
  present: "critical",
};

export interface Reading {
  flag: Analysed["flag"];
  /** One per label, absent ones too. */
  findings: Finding[];
}

/**
 * What the probabilities mean. `any` alone decides the flag: subtypes rest on few patients, so that none can be more
 * present than `any` is.
 */
export function interpret(
  volume: CtVolume,
  probabilities: Probabilities,
  heatMap: HeatMap | null,
  operatingPoints: Manifest["operatingPoints"],
): Reading {
  const presences = presencesOf(probabilities.study, operatingPoints);
  const isQuiet = LABELS.every((label) => presences[label] === "absent");
  const midline = heatMap === null || isQuiet ? null : findMidline(volume);
  const findings = LABELS.map((label): Finding => {
    const presence = presences[label];
    const peaks = presence === "absent" ? [] : strongestPeaks(probabilities.slices.map((slice) => slice[label]));
    return {
      id: derivedUid("finding", volume.studyInstanceUid, label),
      label,
      probability: probabilities.study[label],
      threshold: operatingPoints[label].threshold,
      undeterminedFrom: operatingPoints[label].undetermined[0],
      presence,
      laterality: heatMap === null || peaks.length === 0 ? null : lateralityOf(heatMap, peaks, label, midline),
      keySlices: peaks.map((z) => keySlice(volume, z, label, heatMap)),
    };
  });
  return { flag: FLAG[presences.any], findings };
}

function presencesOf(study: PerLabel<number>, points: Manifest["operatingPoints"]): PerLabel<Presence> {
  const alone = (label: Label): Presence => {
    const { threshold, undetermined } = points[label];
    if (study[label] >= threshold) return "present";
    return study[label] >= undetermined[0] ? "undetermined" : "absent";
  };
  const any = alone("any");
  const limited = LABELS.map((label) => [label, RANK[alone(label)] > RANK[any] ? any : alone(label)]);
  return Object.fromEntries(limited) as PerLabel<Presence>;
}

/** Indices of the local maxima along the stack, strongest first. */
export function strongestPeaks(values: number[]): number[] {
  const highest = Math.max(...values);
  return values
    .flatMap((value, z) => {
      const rises = value > (values[z - 1] ?? -1);
      const falls = value >= (values[z + 1] ?? -1);
      return rises && falls && value >= MIN_SHARE_OF_PEAK * highest ? [z] : [];
    })
    .sort((a, b) => values[b]! - values[a]!)
    .slice(0, MAX_KEY_SLICES);
}

function keySlice({ slices }: CtVolume, z: number, label: Label, heatMap: HeatMap | null): KeySlice {
  const { rows, columns, header } = slices[z]!;
  const box = heatMap === null ? null : hotBox(heatMap, z, label, { rows, columns });
  const { seriesInstanceUid, sopInstanceUid, frameNumber } = header;
  return { seriesInstanceUid, sopInstanceUid, frameNumber, z, box: box ?? [0, 0, columns, rows] };
}
