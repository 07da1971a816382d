import { dot, sliceNormal } from "./geometry.ts";
import { placed } from "./placed-slice.ts";
import { type ReadImages, type ReadOptions, readImages } from "./read-images.ts";
import { memberOf, type ReadVolume, Stack } from "./slab-stack.ts";
import { isThin, type SlabSettings } from "./slabs.ts";
import type { CtSlice } from "./slice.ts";
import type { InstanceHeader } from "./source.ts";
import { planVolumes, type VolumeSettings } from "./volume.ts";

export interface ReadVolumes extends ReadImages {
  volumes: ReadVolume[];
}

export interface VolumeOptions extends ReadOptions, VolumeSettings {
  slab: SlabSettings | undefined;
}

/**
 * Reads the images of one head. Thin slices become slabs while they are read, so that memory holds slabs, not slices. How
 * much of the head they show is not judged here (`withCoverage`).
 * @throws VigilError series-unusable, and what readImages throws
 */
export async function readVolumes(
  headers: InstanceHeader[],
  tolerant: boolean,
  options: VolumeOptions,
): Promise<ReadVolumes> {
  const { slab } = options;
  if (slab !== undefined && isThin(positionsMm(headers), slab)) return readSlabs(headers, slab, tolerant, options);
  // What no volume can take is not fetched, but counted: a screen capture inside the series need not be readable.
  const [strays, images] = partition(headers, (header) => typeof placed(withoutPixels(header)) === "string");
  const slices: CtSlice[] = [];
  const places = images.map((header) => ({ header, put: (slice: CtSlice) => void slices.push(slice) }));
  const read = await readImages(places, tolerant, options);
  const volumes = planVolumes([...slices, ...strays.map(withoutPixels)], options).map((volume) => ({
    volume,
    members: volume.slices.map((slice) => [memberOf(slice, slice.positionMm)]),
  }));
  return { ...read, volumes };
}

async function readSlabs(
  headers: InstanceHeader[],
  slab: SlabSettings,
  tolerant: boolean,
  options: VolumeOptions,
): Promise<ReadVolumes> {
  const stacks = planVolumes(headers.map(withoutPixels), options).map((plan) => new Stack(plan, slab));
  const places = stacks.flatMap((stack) => stack.places());
  const read = await readImages(places, tolerant, options);
  const volumes = stacks.map((stack) => stack.volume()).filter(({ volume }) => volume.slices.length > 0);
  return { ...read, volumes };
}

/** Along the normal of the first image that has a place, in order. */
function positionsMm(headers: InstanceHeader[]): number[] {
  const orientation = headers.find(({ imageOrientation }) => imageOrientation !== null)?.imageOrientation;
  if (orientation == null) return [];
  const normal = sliceNormal(orientation);
  return headers
    .flatMap(({ imagePositionMm }) => (imagePositionMm === null ? [] : dot(imagePositionMm, normal)))
    .sort((a, b) => a - b);
}

function withoutPixels(header: InstanceHeader): CtSlice {
  const { rows, columns } = header;
  return { header, file: null, rows: rows ?? 0, columns: columns ?? 0, hu: new Int16Array(0), windowHu: null };
}

function partition<T>(all: T[], isFirst: (one: T) => boolean): [T[], T[]] {
  return [all.filter(isFirst), all.filter((one) => !isFirst(one))];
}
