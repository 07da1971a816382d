import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { derivedUid } from "../src/dicom/derived-uid.ts";
import { type CtSeriesOptions, ctSeries } from "../src/phantom/ct-series.ts";
import { enhancedCt } from "../src/phantom/enhanced-ct.ts";
import type { HuVolume } from "../src/phantom/hu-volume.ts";
import { headPhantom } from "../src/phantom/phantoms.ts";

/** Generated heads as scanners store them: 512 x 512, in as many slices as wanted. */

export const HEAD_MM = 160;

export interface HeadFiles {
  slices: number;
  /** Between slices; the head is stretched where all of them are not `HEAD_MM`. */
  spacingMm: number;
  /** Several heads of one study differ in this. */
  series?: string;
  /** The number in a file's name tells nothing of where the slice lies. */
  shuffled?: boolean;
}

/** Of a pixel as it is stored: signed in 16, else unsigned; 8 hold soft tissue only. */
export type SliceBits = 8 | 12 | 16;

/** Of the noise that every pixel gets, so that slices compress no better than real ones. */
const NOISE_HU = 12;

/** One phantom for all: it takes half a second. */
let phantom: HuVolume | undefined;

/** Writes one head, a file for each slice. */
export function writeHead(folder: string, { slices, spacingMm, series = "axial", shuffled = false }: HeadFiles): void {
  mkdirSync(folder, { recursive: true });
  const options = seriesOptions(slices, series);
  for (let z = 0; z < slices; z++) {
    const volume = sliceOfHead(z, slices, spacingMm);
    const halfMm = ((volume.columns - 1) / 2) * volume.pixelSpacingMm;
    const [instance] = ctSeries(volume, {
      ...options,
      attributes: {
        SOPInstanceUID: derivedUid("instance", options.studyKey, series, String(z)),
        InstanceNumber: z + 1,
        ImagePositionPatient: [-halfMm, -halfMm, z * spacingMm].map((mm) => Number(mm.toFixed(3))),
        SeriesDate: seriesDate(series),
        AcquisitionDate: seriesDate(series),
        ContentDate: seriesDate(series),
      },
    }).instances;
    // 7919 is prime to all numbers of slices here: every number comes up once.
    const number = shuffled ? (z * 7919) % slices : z;
    writeFileSync(path.join(folder, `${series}-${String(number).padStart(4, "0")}.dcm`), instance!.bytes);
  }
}

/** One slice from the middle of the head. */
export function headSlice(bits: SliceBits): Uint8Array {
  const volume = sliceOfHead(16, 34, 5);
  const attributes = { 8: eightBits, 12: twelveBits, 16: () => ({}) }[bits](volume.hu);
  return ctSeries(volume, { ...seriesOptions(1, `${bits} bit`), attributes }).instances[0]!.bytes;
}

function twelveBits(hu: Int16Array) {
  const words = Uint16Array.from(hu, (value) => Math.max(0, Math.min(4095, value + 1024)));
  return { PixelData: words.buffer, BitsStored: 12, HighBit: 11, PixelRepresentation: 0 };
}

function eightBits(hu: Int16Array) {
  const bytes = Uint8ClampedArray.from(hu, (value) => value + 100);
  const bits = { BitsAllocated: 8, BitsStored: 8, HighBit: 7, PixelRepresentation: 0 };
  return { PixelData: bytes.buffer, _vrMap: { PixelData: "OB" }, ...bits, RescaleIntercept: "-100" };
}

/** Writes one head as one Enhanced CT object. */
export function writeEnhancedHead(folder: string, frames: number): void {
  mkdirSync(folder, { recursive: true });
  const spacingMm = HEAD_MM / frames;
  const first = sliceOfHead(0, frames, spacingMm);
  const size = first.rows * first.columns;
  const hu = new Int16Array(frames * size);
  for (let z = 0; z < frames; z++) hu.set(sliceOfHead(z, frames, spacingMm).hu, z * size);
  const bytes = enhancedCt({ ...first, slices: frames, hu }, seriesOptions(frames, "enhanced"));
  writeFileSync(path.join(folder, "enhanced.dcm"), bytes);
}

function seriesOptions(slices: number, series: string): CtSeriesOptions {
  return {
    studyKey: `benchmark of ${slices} slices`,
    seriesKey: series,
    patientName: "Bench^Mark",
    patientId: "BENCH",
    studyDescription: "CT head",
  };
}

/** A day for each series, so that several heads of a study are acquisitions of their own. */
function seriesDate(series: string): string {
  const day = Number(/\d+$/.exec(series)?.[0] ?? 0) + 1;
  return `202601${String(day).padStart(2, "0")}`;
}

/** One slice of the phantom at twice its resolution, between its own slices where it lies there. */
function sliceOfHead(z: number, slices: number, spacingMm: number): HuVolume {
  phantom ??= headPhantom();
  const { rows, columns } = phantom;
  const size = rows * columns;
  const at = Math.max(0, Math.min(phantom.slices - 1, ((z + 0.5) / slices) * phantom.slices - 0.5));
  const below = Math.min(Math.floor(at), phantom.slices - 2);
  const share = at - below;
  const hu = new Int16Array(4 * size);
  let random = z + 1;
  for (let y = 0; y < 2 * rows; y++) {
    for (let x = 0; x < 2 * columns; x++) {
      const from = below * size + (y >> 1) * columns + (x >> 1);
      random = (Math.imul(random, 1664525) + 1013904223) >>> 0;
      const noiseHu = (random / 2 ** 32 - 0.5) * NOISE_HU;
      hu[y * 2 * columns + x] = (1 - share) * phantom.hu[from]! + share * phantom.hu[from + size]! + noiseHu;
    }
  }
  return {
    columns: 2 * columns,
    rows: 2 * rows,
    slices: 1,
    hu,
    pixelSpacingMm: phantom.pixelSpacingMm / 2,
    sliceSpacingMm: Number(spacingMm.toFixed(4)),
  };
}
