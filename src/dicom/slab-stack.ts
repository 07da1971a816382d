import { createHash } from "node:crypto";
import { VigilError } from "../errors.ts";
import { HuHistogram } from "./hu-histogram.ts";
import type { PlacedSlice } from "./placed-slice.ts";
import { middleOf, planSlabs, type SlabSettings, SlabSum } from "./slabs.ts";
import type { CtSlice } from "./slice.ts";
import type { InstanceHeader } from "./source.ts";
import type { CtVolume } from "./volume.ts";

/** A volume with its pixels. Thin slices have become slabs; each says which images it was made of. */
export interface ReadVolume {
  volume: CtVolume;
  /** In the order of the volume's slices. */
  members: SliceMember[][];
}

/** An image that was read, alone or as part of a slab. */
export interface SliceMember {
  header: InstanceHeader;
  file: string | null;
  positionMm: number;
  /** Of its own values, also where it is part of a slab. */
  histogram: HuHistogram;
}

/** Where the pixels of one image go. */
export interface Place {
  header: InstanceHeader;
  put(slice: CtSlice): void;
}

/**
 * A volume of thin slices while its pixels arrive, in any order. Slabs are summed up as they come: no slice of them is
 * kept.
 */
export class Stack {
  readonly #plan: CtVolume;
  readonly #slabs: Slab[];

  constructor(plan: CtVolume, settings: SlabSettings | undefined) {
    this.#plan = plan;
    const thicknessMm = settings?.thicknessMm ?? 0;
    this.#slabs = planSlabs(plan.slices, settings).map(
      (slab) =>
        new Slab(
          slab.map((i) => plan.slices[i]!),
          plan.slices[middleOf(plan.slices, slab)]!,
          thicknessMm,
        ),
    );
  }

  places(): Place[] {
    return this.#slabs.flatMap((slab) => slab.places());
  }

  volume(): ReadVolume {
    const read = this.#slabs.flatMap((slab) => slab.slice() ?? []);
    const slices = read.map(({ slice }) => slice);
    return { volume: { ...this.#plan, slices }, members: read.map(({ members }) => members) };
  }
}

/** One slice of the volume to be: a single image, or the mean of several thin ones. */
class Slab {
  readonly #planned: PlacedSlice[];
  readonly #middle: PlacedSlice;
  readonly #thicknessMm: number;
  readonly #members: SliceMember[] = [];
  #first: CtSlice | undefined;
  #sum: SlabSum | undefined;

  constructor(planned: PlacedSlice[], middle: PlacedSlice, thicknessMm: number) {
    this.#planned = planned;
    this.#middle = middle;
    this.#thicknessMm = thicknessMm;
  }

  places(): Place[] {
    return this.#planned.map((planned) => ({ header: planned.header, put: (slice) => this.#put(slice, planned) }));
  }

  /** @throws VigilError dicom-unreadable when the image is not what its metadata said, by which it was planned */
  #put(slice: CtSlice, planned: PlacedSlice): void {
    if (!isAsPlanned(slice, planned)) {
      const message = `image ${imageKey(slice.header)} has another size or position than the metadata of the study say`;
      throw new VigilError("dicom-unreadable", message);
    }
    this.#members.push(memberOf(slice, planned.positionMm));
    if (this.#planned.length === 1) this.#first = slice;
    else {
      this.#first ??= { ...slice, hu: new Int16Array(0) };
      this.#sum ??= new SlabSum(this.#middle);
      this.#sum.add(planned.cornerMm, slice.hu);
    }
  }

  slice(): { slice: PlacedSlice; members: SliceMember[] } | undefined {
    if (this.#first === undefined) return undefined;
    const members = this.#members.toSorted((a, b) => a.positionMm - b.positionMm);
    if (this.#sum === undefined) return { slice: { ...this.#middle, ...this.#first }, members };
    const header = { ...this.#middle.header, sliceThicknessMm: this.#thicknessMm };
    const positionMm = members.reduce((sum, member) => sum + member.positionMm, 0) / members.length;
    return { slice: { ...this.#middle, ...this.#first, header, positionMm, hu: this.#sum.mean() }, members };
  }
}

const SAME_POSITION_MM = 0.1;

function isAsPlanned({ header, rows, columns }: CtSlice, planned: PlacedSlice): boolean {
  const corner = header.imagePositionMm ?? [Number.NaN];
  const sameGrid = rows === planned.rows && columns === planned.columns;
  return sameGrid && corner.every((mm, axis) => Math.abs(mm - planned.cornerMm[axis]!) <= SAME_POSITION_MM);
}

export function memberOf({ header, file, hu }: CtSlice, positionMm: number): SliceMember {
  return { header, file, positionMm, histogram: HuHistogram.of(hu) };
}

/** Names an image: the frames of a multi-frame object share its SOP Instance UID. */
export function imageKey({ sopInstanceUid, frameNumber }: Pick<InstanceHeader, "sopInstanceUid" | "frameNumber">) {
  return frameNumber === null ? sopInstanceUid : `${sopInstanceUid}#${frameNumber}`;
}

/** The name of an image and the SHA-256 of its values: the same in every transfer syntax. */
export function imageFingerprint({ header, hu }: CtSlice): string {
  const bytes = new Uint8Array(hu.buffer, hu.byteOffset, hu.byteLength);
  return `${imageKey(header)} ${createHash("sha256").update(bytes).digest("hex")}`;
}
