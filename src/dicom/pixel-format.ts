import { VigilError } from "../errors.ts";
import type { Attributes } from "./attributes.ts";
import { decimal } from "./decimal.ts";
import { MAX_FRAMES, numberOfFrames } from "./functional-groups.ts";

/** How the pixels of an image are stored (PS3.3 C.7.6.3). */
export interface PixelFormat {
  rows: number;
  columns: number;
  frames: number;
  bitsAllocated: 8 | 16;
  bitsStored: number;
  /** Bits below the stored ones: not 0 only in old images whose High Bit is not Bits Stored - 1. */
  lowestBit: number;
  signed: boolean;
}

const MAX_ROWS = 4096;
/** Of decoded pixels in one object: 1,024 frames of 512 x 512. As much again is held for the object itself. */
const MAX_MIB = 512;

/**
 * Read before anything is allocated for the pixels.
 * @throws VigilError pixels-unsupported; `where` names the file or the instance
 */
export function pixelFormat(image: Attributes, where: string): PixelFormat {
  const refuse = (what: string) => new VigilError("pixels-unsupported", `${where}: ${what}`);
  const number = (tag: string) => decimal(image.texts(tag)[0] ?? "");
  const required = (tag: string, name: string) => {
    const value = number(tag);
    if (value === null) throw refuse(`its pixels cannot be read: ${name} is missing`);
    return value;
  };
  const rows = number("00280010");
  const columns = number("00280011");
  if (!rows || !columns) throw refuse("it has no image: Rows or Columns is missing");
  const frames = numberOfFrames(image);
  if (rows > MAX_ROWS || columns > MAX_ROWS) throw refuse(`${rows} x ${columns} pixels are no CT image`);
  if (frames > MAX_FRAMES) throw refuse(`it has ${frames} frames; ${MAX_FRAMES} are read at most`);
  if (rows * columns * frames * 2 > MAX_MIB * 1024 ** 2) {
    throw refuse(`its ${frames} frames of ${rows} x ${columns} pixels take more than ${MAX_MIB} MiB`);
  }
  const samples = number("00280002") ?? 1;
  if (samples !== 1) throw refuse(`it is a colour image (${samples} samples per pixel)`);
  // Either monochrome tells how to show an image; what the values mean is the same (PS3.3 C.7.6.3.1.2).
  const photometric = image.texts("00280004")[0] || "MONOCHROME2";
  if (!/^MONOCHROME[12]$/i.test(photometric)) throw refuse("it is no grey image by its Photometric Interpretation");
  const bitsAllocated = required("00280100", "Bits Allocated");
  if (bitsAllocated !== 8 && bitsAllocated !== 16) {
    throw refuse(`it has ${bitsAllocated} bits allocated; CT has 16, and 8 can be read`);
  }
  const bitsStored = required("00280101", "Bits Stored");
  const lowestBit = (number("00280102") ?? bitsStored - 1) - bitsStored + 1;
  if (!Number.isInteger(bitsStored) || bitsStored < 1 || lowestBit < 0 || lowestBit + bitsStored > bitsAllocated) {
    throw refuse("its Bits Stored and High Bit are wrong");
  }
  const representation = required("00280103", "Pixel Representation");
  if (representation !== 0 && representation !== 1) throw refuse(`its Pixel Representation is ${representation}`);
  return { rows, columns, frames, bitsAllocated, bitsStored, lowestBit, signed: representation === 1 };
}

/** The least and the greatest value that Bits Stored and Pixel Representation can hold. */
export function storedRange({ bitsStored, signed }: PixelFormat): [number, number] {
  const count = 2 ** bitsStored;
  return signed ? [-count / 2, count / 2 - 1] : [0, count - 1];
}
