import type { VolumeScores } from "../ai/volume-scorer.ts";
import type { Finding, Presence } from "../contract/finding.ts";
import type { HeatMap } from "../contract/heat-map.ts";
import { LABELS, perLabel } from "../contract/labels.ts";
import type { Analysed, SliceResult } from "../contract/result.ts";
import type { ReadVolume } from "../dicom/slab-stack.ts";

/** A volume and what the model said of it. */
export interface ScoredVolume extends ReadVolume {
  scores: VolumeScores;
}

/** One answer for the study: the highest of its volumes. */
export interface MergedScores extends Pick<Analysed, "flag" | "probabilities" | "findings" | "slices"> {
  /** Of the volume with the highest probability of `any`. */
  seriesInstanceUid: string;
  heatMap: HeatMap | null;
}

const FLAG: Record<Presence, Analysed["flag"]> = {
  absent: "negative",
  undetermined: "undetermined",
  present: "critical",
};

/**
 * Puts the volumes of a study together. Every image that was read is a slice of the result, those of a slab with the
 * slab's values; slices are numbered on from one volume to the next.
 */
export function mergeVolumes(volumes: ScoredVolume[]): MergedScores {
  const firstSlices = startsOf(volumes);
  const strongest = (label: (typeof LABELS)[number]) =>
    volumes.reduce(
      (best, it, i) =>
        it.scores.probabilities.study[label] > volumes[best]!.scores.probabilities.study[label] ? i : best,
      0,
    );
  const findings = LABELS.map((label): Finding => {
    const index = strongest(label);
    const finding = volumes[index]!.scores.findings.find((it) => it.label === label)!;
    return { ...finding, keySlices: renumbered(finding, volumes[index]!, firstSlices[index]!) };
  });
  const any = findings.find(({ label }) => label === "any")!;
  return {
    seriesInstanceUid: any.keySlices[0]?.seriesInstanceUid ?? strongestSeries(volumes[strongest("any")]!),
    flag: FLAG[any.presence],
    probabilities: perLabel((_, i) => findings[i]!.probability),
    findings,
    slices: volumes.flatMap(slicesOf),
    heatMap: mergedHeatMap(volumes),
  };
}

/** The index in the result of each volume's first slice. */
function startsOf(volumes: ScoredVolume[]): number[] {
  let next = 0;
  return volumes.map(({ members }) => {
    const start = next;
    next += members.flat().length;
    return start;
  });
}

/** From the slices that the model saw, which may be slabs, to the images of the result. */
function renumbered({ keySlices }: Finding, { members }: ScoredVolume, firstSlice: number): Finding["keySlices"] {
  return keySlices.map((slice) => {
    const before = members.slice(0, slice.z).flat().length;
    const within = members[slice.z]!.findIndex(
      ({ header }) => header.sopInstanceUid === slice.sopInstanceUid && header.frameNumber === slice.frameNumber,
    );
    return { ...slice, z: firstSlice + before + Math.max(0, within) };
  });
}

/** Of a volume of two parts, the series that holds the slice with the highest value. */
function strongestSeries({ members, scores }: ScoredVolume): string {
  const values = scores.probabilities.slices.map((slice) => slice.any);
  return members[values.indexOf(Math.max(...values))]![0]!.header.seriesInstanceUid;
}

function slicesOf({ members, scores }: ScoredVolume): SliceResult[] {
  return members.flatMap((images, z) =>
    images.map(({ header, file, positionMm }) => ({
      seriesInstanceUid: header.seriesInstanceUid,
      sopInstanceUid: header.sopInstanceUid,
      frameNumber: header.frameNumber,
      file,
      positionMm,
      probabilities: scores.probabilities.slices[z]!,
    })),
  );
}

/** null when the model has no map */
function mergedHeatMap(volumes: ScoredVolume[]): HeatMap | null {
  const [first] = volumes.flatMap(({ scores }) => scores.heatMap ?? []);
  if (first === undefined) return null;
  const slices = volumes.flatMap(({ members, scores }) =>
    (scores.heatMap?.slices ?? []).flatMap(({ area, cells }, z) =>
      members[z]!.map(({ header: { seriesInstanceUid, sopInstanceUid, frameNumber } }) => ({
        seriesInstanceUid,
        sopInstanceUid,
        frameNumber,
        area,
        cells,
      })),
    ),
  );
  return { gridWidth: first.gridWidth, gridHeight: first.gridHeight, slices };
}
