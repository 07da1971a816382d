import { dot, isAxial, median, sliceNormal } from "../geometry.ts";
import type { InstanceHeader } from "../source.ts";
import { SAME_PLACE_MM } from "../spacing.ts";
import { type KernelKind, kernelKind } from "./kernel.ts";
import { type BodyRegion, bodyRegionOf } from "./words.ts";

/** What the selection rules look at: one series, boiled down from the headers of its instances. */
export interface SeriesFacts {
  seriesInstanceUid: string;
  /** An instance that stands for the series. */
  header: InstanceHeader;
  instances: number;
  /** Frames of multi-frame instances count one by one. */
  images: number;
  /** Share of the images that know where they lie; 1 for multi-frame ones, which say so elsewhere. */
  locatedShare: number;
  axialShare: number;
  /** Share of the axial images that lie where another one lies already: several phases or acquisitions. */
  repeatedShare: number;
  thicknessMm: number | null;
  coverageMm: number | null;
  fieldOfViewMm: number | null;
  kernel: KernelKind;
  region: RegionFact;
}

export interface RegionFact {
  region: BodyRegion;
  /** The attribute that tells. */
  from: string;
}

/** A head fits into it with its scalp, a chest does not; and it is no enlarged detail such as an ear. */
const HEAD_FIELD_OF_VIEW_MM = [170, 330] as const;
const HEAD_COVERAGE_MM = [80, 280] as const;

export function seriesFacts(instances: InstanceHeader[]): SeriesFacts {
  const axial = instances.filter(({ imageOrientation }) => imageOrientation !== null && isAxial(imageOrientation));
  const header = axial[axial.length >> 1] ?? instances[0]!;
  const located = instances.filter((it) => it.imagePositionMm !== null && it.imageOrientation !== null);
  const multiFrame = instances.some(({ numberOfFrames }) => numberOfFrames > 1);
  const positions = axialPositions(axial);
  const distinct = positions.filter((mm, i) => i === 0 || mm - positions[i - 1]! > SAME_PLACE_MM);
  const thickness = instances.flatMap(({ sliceThicknessMm }) => sliceThicknessMm ?? []);
  const thicknessMm = thickness.length > 0 ? median(thickness) : null;
  const coverageMm = distinct.length > 1 ? distinct.at(-1)! - distinct[0]! + (thicknessMm ?? 0) : null;
  const { rows, columns, pixelSpacingMm } = header;
  const fieldOfViewMm =
    rows === null || columns === null || pixelSpacingMm === null
      ? null
      : Math.max(rows * pixelSpacingMm[0], columns * pixelSpacingMm[1]);
  return {
    seriesInstanceUid: header.seriesInstanceUid,
    header,
    instances: instances.length,
    images: instances.reduce((sum, { numberOfFrames }) => sum + numberOfFrames, 0),
    locatedShare: multiFrame ? 1 : located.length / instances.length,
    axialShare: multiFrame ? 1 : axial.length / instances.length,
    repeatedShare: positions.length > 0 ? 1 - distinct.length / positions.length : 0,
    thicknessMm,
    coverageMm,
    fieldOfViewMm,
    kernel: kernelKind(header.convolutionKernel, header.seriesDescription),
    region: regionFact(header, fieldOfViewMm, coverageMm),
  };
}

/** Along the normal, ascending. */
function axialPositions(axial: InstanceHeader[]): number[] {
  const orientation = axial[0]?.imageOrientation;
  if (orientation == null) return [];
  const normal = sliceNormal(orientation);
  return axial
    .flatMap(({ imagePositionMm }) => (imagePositionMm === null ? [] : dot(imagePositionMm, normal)))
    .sort((a, b) => a - b);
}

/** The most specific attribute that names a region decides; where none does, the size of what was imaged. */
function regionFact(header: InstanceHeader, fieldOfViewMm: number | null, coverageMm: number | null): RegionFact {
  const texts = [
    ["series description", header.seriesDescription],
    ["body part examined", header.bodyPartExamined],
    ["protocol name", header.protocolName],
    ["study description", header.study.studyDescription],
  ] as const;
  for (const [from, text] of texts) {
    const region = bodyRegionOf(text);
    if (region !== "unknown") return { region, from };
  }
  const within = (value: number | null, [low, high]: readonly [number, number]) =>
    value !== null && value >= low && value <= high;
  const fits = within(fieldOfViewMm, HEAD_FIELD_OF_VIEW_MM) && within(coverageMm, HEAD_COVERAGE_MM);
  return { region: fits ? "head" : "unknown", from: "field of view" };
}
