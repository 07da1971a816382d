import { type Warning, warning } from "../contract/warning.ts";
import { VigilError } from "../errors.ts";
import { acquisitionsOf, byTime, earliest, placesOf } from "./acquisitions.ts";
import { coverageWarnings } from "./coverage.ts";
import { angleDeg, isAxial, sliceNormal, type Vector } from "./geometry.ts";
import { ageYears as ageOf } from "./patient-age.ts";
import { atPosition, type PlacedSlice, placed } from "./placed-slice.ts";
import { oneAtEachPlace, type Stack } from "./repeats.ts";
import type { CtSlice } from "./slice.ts";
import type { InstanceHeader } from "./source.ts";
import { PARALLEL_DEG, spacingWarnings, tiltWarnings } from "./spacing.ts";
import { SOP_CLASS } from "./uids.ts";

/** The slices of one acquisition of a head, in anatomical order; they may come from more than one series. */
export interface CtVolume {
  studyInstanceUid: string;
  frameOfReferenceUid: string;
  /** Lowest (nearest the feet) first. Each has its own size, pixel spacing, orientation and series. */
  slices: PlacedSlice[];
  /** What is unusual about the geometry, in a radiologist's words; `notSeen` where it hid something of the head. */
  warnings: Warning[];
  /** Other images of places that the volume before it shows as well: not the whole of a head. */
  isRepeat: boolean;
}

export interface VolumeSettings {
  minSlices: number;
  /** From the headers unless given; null = unknown, read as an adult's. */
  ageYears?: number | null;
}

/** Of slices of which more than this share would have to be left out, none is read. */
const MAX_SHARE_LEFT_OUT = 0.25;
const MAX_BETWEEN_PLANES_DEG = 30;

/**
 * Puts the slices of a series, or of series that continue each other, in order and checks what they show of the head.
 * Usually one volume; one for each acquisition where the head was taken several times, earliest first, each followed by
 * its repeats. What was left out of all of them is said by the first.
 * @throws VigilError series-unusable
 */
export function buildVolumes(slices: CtSlice[], settings: VolumeSettings): CtVolume[] {
  return planVolumes(slices, settings).map((volume) => withCoverage(volume, settings));
}

/** Adds what the pixels tell of how much of the head the slices show. */
export function withCoverage(volume: CtVolume, { ageYears }: VolumeSettings): CtVolume {
  if (volume.isRepeat) return volume;
  const age = ageYears === undefined ? ageOf(volume.slices[0]!.header) : ageYears;
  return { ...volume, warnings: [...volume.warnings, ...coverageWarnings(volume.slices, age)] };
}

/**
 * The same by geometry alone: by the position along the normal (not by Instance Number). Pixels are looked at only to
 * tell whether two images at the same place are the same; without pixels they count as different.
 * @throws VigilError series-unusable
 */
export function planVolumes(slices: CtSlice[], { minSlices }: VolumeSettings): CtVolume[] {
  if (slices.length === 0) throw unusable("it has no slices");
  const leftOut = new LeftOut(slices.length);
  const usable = slices.flatMap((slice) => {
    const answer = placed(slice);
    if (typeof answer !== "string") return [answer];
    leftOut.add(slice, answer);
    return [];
  });
  leftOut.refuseIfMany();
  if (usable.length === 0) throw unusable("none of its images is a slice");
  const normal = commonNormal(usable);
  const parallel = usable.filter((slice) => {
    const fits = angleDeg(normal, sliceNormal(slice.orientation)) <= MAX_BETWEEN_PLANES_DEG;
    if (!fits) leftOut.add(slice, "lies in another plane");
    return fits;
  });
  const stacks = stacksOf(
    parallel.map((slice) => atPosition(slice, normal)),
    minSlices,
    leftOut,
  );
  leftOut.refuseIfMany();
  return stacks.flatMap((stack, i) => {
    const [volume, normal] = inOrder(stack.slices);
    const { slices } = volume;
    const warnings = [
      ...(i === 0 ? leftOut.warnings() : []),
      ...stack.warnings,
      ...planeWarnings(slices, normal),
      ...gridWarnings(slices),
      ...spacingWarnings(slices),
      ...tiltWarnings(slices, normal),
    ];
    const repeats = stack.repeats.map((repeated) => ({ ...inOrder(repeated)[0], isRepeat: true }));
    return [{ ...volume, warnings }, ...repeats];
  });
}

/** Acquisitions may be tilted otherwise than most slices are: each has a normal of its own. */
function inOrder(unordered: PlacedSlice[]): [CtVolume, Vector] {
  const normal = commonNormal(unordered);
  const slices = unordered.map((slice) => atPosition(slice, normal)).sort((a, b) => a.positionMm - b.positionMm);
  const { study, frameOfReferenceUid } = slices[0]!.header;
  const { studyInstanceUid } = study;
  return [{ studyInstanceUid, frameOfReferenceUid, slices, warnings: [], isRepeat: false }, normal];
}

function unusable(why: string): VigilError {
  return new VigilError("series-unusable", `the series cannot be read as a volume: ${why}`);
}

/** The images that belong to no volume, and why. */
class LeftOut {
  readonly #reasons: { image: string; reason: string; isSlice: boolean }[] = [];
  readonly #of: number;

  constructor(of: number) {
    this.#of = of;
  }

  add({ header, file }: CtSlice, reason: string): void {
    this.#reasons.push({ image: file ?? `instance ${header.sopInstanceUid}`, reason, isSlice: mayBeSlice(header) });
  }

  get #slices(): number {
    return this.#reasons.filter(({ isSlice }) => isSlice).length;
  }

  /** @throws VigilError series-unusable */
  refuseIfMany(): void {
    const count = this.#slices;
    const of = this.#of - (this.#reasons.length - count);
    if (count > of * MAX_SHARE_LEFT_OUT) throw unusable(`${count} of ${of} images do not fit: ${this.#why()}`);
  }

  warnings(): Warning[] {
    const count = this.#reasons.length;
    if (count === 0) return [];
    const message = `${count} of ${this.#of} images do not fit and were not read: ${this.#why()}.`;
    const slices = this.#slices;
    const unseen = slices === 0 ? null : `${slices} image${slices === 1 ? "" : "s"} not read`;
    return [warning("images-left-out", message, unseen)];
  }

  /** One image stands for all with the same reason. */
  #why(): string {
    const groups = Map.groupBy(this.#reasons, ({ reason }) => reason);
    const texts = [...groups.values()].map(([first, ...others]) => {
      const more = others.length === 0 ? "" : `, like ${others.length} more`;
      return `${first!.image} ${first!.reason}${more}`;
    });
    return texts.join("; ");
  }
}

/** A screen capture without a place and a localizer in another plane are no slices of the head, whatever is in them. */
function mayBeSlice({ sopClassUid, imageType, imagePositionMm, imageOrientation }: InstanceHeader): boolean {
  if (sopClassUid === SOP_CLASS.secondaryCapture) return imagePositionMm !== null;
  return !imageType.includes("LOCALIZER") || imageOrientation === null || isAxial(imageOrientation);
}

/** The normal of the orientation that most slices have. */
function commonNormal(slices: PlacedSlice[]): Vector {
  const groups = Map.groupBy(slices, ({ orientation }) => orientation.map((cosine) => cosine.toFixed(2)).join());
  const largest = [...groups.values()].reduce((best, group) => (group.length > best.length ? group : best));
  return sliceNormal(largest[0]!.orientation);
}

/** Never mixes frames of reference or acquisitions; what is too small to be a head of its own is left out. */
function stacksOf(slices: PlacedSlice[], minSlices: number, leftOut: LeftOut): Stack[] {
  const parts = framesOf(slices).flatMap((frame) => acquisitionsOf(frame));
  const isLarge = (part: PlacedSlice[]) => placesOf(part).length >= minSlices;
  const large = parts.filter(isLarge).sort((a, b) => byTime(earliest(a), earliest(b)));
  if (large.length === 0) {
    const most = Math.max(0, ...parts.map((part) => placesOf(part).length));
    throw unusable(`only ${most} slices lie at different places, ${minSlices} are needed`);
  }
  const stacks = large.map((part) => ({ slices: part, repeats: [] as PlacedSlice[] }));
  for (const part of parts.filter((part) => !isLarge(part))) {
    const repeated = stacks.findLast((stack) => liesIn(part, stack.slices));
    if (repeated !== undefined) repeated.repeats.push(...part);
    else for (const slice of part) leftOut.add(slice, "belongs to another acquisition that is too small");
  }
  return stacks.map(({ slices, repeats }) => oneAtEachPlace([...slices, ...repeats]));
}

/** By frame of reference; slices that do not name theirs belong to the most common one. */
function framesOf(slices: PlacedSlice[]): PlacedSlice[][] {
  const uidOf = ({ header }: PlacedSlice) => header.frameOfReferenceUid;
  const frames = Map.groupBy(slices, uidOf);
  const nameless = frames.get("") ?? [];
  frames.delete("");
  const [first = [], ...others] = [...frames.values()].sort((a, b) => b.length - a.length);
  return [[...first, ...nameless], ...others];
}

/** Whether a few slices, taken anew after motion, lie where slices of the stack lie. */
function liesIn(part: PlacedSlice[], stack: PlacedSlice[]): boolean {
  const sameFrame = part[0]!.header.frameOfReferenceUid === stack[0]!.header.frameOfReferenceUid;
  return sameFrame && placesOf([...stack, ...part]).length === placesOf(stack).length;
}

function planeWarnings(slices: PlacedSlice[], normal: Vector): Warning[] {
  const largest = Math.max(...slices.map(({ orientation }) => angleDeg(normal, sliceNormal(orientation))));
  if (largest <= PARALLEL_DEG) return [];
  const message = `The slices are not parallel: their planes differ by up to ${largest.toFixed(1)}°.`;
  return [warning("mixed-orientation", message)];
}

function gridWarnings(slices: PlacedSlice[]): Warning[] {
  const grids = new Set(
    slices.map(({ rows, columns, pixelSpacingMm }) =>
      [rows, columns, ...pixelSpacingMm.map((mm) => mm.toFixed(3))].join(),
    ),
  );
  if (grids.size === 1) return [];
  return [warning("mixed-size", `The slices have ${grids.size} different sizes or pixel spacings.`)];
}
