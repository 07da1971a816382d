import { VigilError } from "../errors.ts";
import type { Attributes } from "./attributes.ts";
import { decimal } from "./decimal.ts";
import type { DataSet } from "./part10.ts";
import { type PixelFormat, storedRange } from "./pixel-format.ts";
import { SOP_CLASS } from "./uids.ts";

/**
 * How stored values become Hounsfield units (PS3.3 C.8.2.1 and C.11.1). Nothing is assumed here: a wrong scale turns
 * blood into brain.
 */
export interface Rescale {
  slope: number;
  intercept: number;
  /** Negative HU were written without their intercept, and wrapped around. */
  wraps: boolean;
  /** Stored values from and to which are no image. */
  padding: { from: number; to: number } | null;
}

/** Between two neighbouring stored values: brain and blood are 30 HU apart. */
const MAX_STEP_HU = 5;
const MAX_INTERCEPT_HU = 20_000;
/** What the values must be able to hold for a head to be in them: some air, and clotted blood. */
const NEEDED_HU = [-500, 200] as const;
/** Values that may be brain, blood or bone. */
const TISSUE_HU = [-200, 3000] as const;

/**
 * @param frame the attributes of one frame
 * @param windowed whether values that hold no air and no bone are taken
 * @throws VigilError values-not-hu
 */
export function rescaleOf(
  frame: Attributes,
  dataset: DataSet,
  format: PixelFormat,
  where: string,
  windowed = false,
): Rescale {
  const refuse = (what: string) => new VigilError("values-not-hu", `${where}: its values are not HU: ${what}`);
  checkUnits(frame, refuse);
  const number = (tag: string, name: string) => {
    const [text, ...others] = frame.texts(tag);
    if (text === undefined || /^[\s\0]*$/.test(text)) throw refuse(`${name} is missing`);
    const value = decimal(text);
    // Not repeated in the message: what stands in the wrong place may be anybody's.
    if (value === null) throw refuse(`${name} is not a number`);
    if (others.some((other) => decimal(other) !== value)) throw refuse(`${name} has several values`);
    return value;
  };
  const slope = number("00281053", "Rescale Slope");
  const intercept = number("00281052", "Rescale Intercept");
  if (slope === 0 || Math.abs(slope) > MAX_STEP_HU) throw refuse(`Rescale Slope is ${slope}`);
  if (Math.abs(intercept) > MAX_INTERCEPT_HU) throw refuse(`Rescale Intercept is ${intercept}`);
  const wraps = wrapsAround(format, intercept);
  const padding = paddingRange(dataset, format);
  const rescale = { slope, intercept, wraps, padding };
  const [lowest, highest] = sorted(...(storedRange(format).map((stored) => toHu(stored, rescale)) as [number, number]));
  if (!windowed && !wraps && (lowest > NEEDED_HU[0] || highest < NEEDED_HU[1])) {
    throw refuse(`${format.bitsStored} bits with this rescale hold ${lowest} to ${highest} HU only`);
  }
  if (padding !== null && isTissue(padding, rescale, format)) {
    throw refuse("Pixel Padding Value and Range Limit take in values of tissue");
  }
  return rescale;
}

/** Not rounded. */
export function toHu(stored: number, { slope, intercept, wraps }: Rescale): number {
  if (!wraps) return stored * slope + intercept;
  return (stored >= FIRST_WRAPPED ? stored - 4096 : stored) * slope;
}

function checkUnits(frame: Attributes, refuse: (what: string) => VigilError): void {
  // Its output is unsigned by definition (PS3.3 C.11.1.1.1), so it holds no air.
  if (frame.items("00283000").length > 0) throw refuse("they go through a Modality LUT Sequence");
  const type = (frame.texts("00281054")[0] ?? "").toUpperCase();
  if (type === "" || type === "HU") return;
  // "US" is unspecified. Of a CT Image it says nothing; in an Enhanced one, whose originals are HU, it denies it.
  const isEnhanced = frame.texts("00080016")[0] === SOP_CLASS.enhancedCtImage;
  if (type === "US" && frame.texts("00080060")[0] === "CT" && !isEnhanced) return;
  throw refuse("Rescale Type says that they are something else");
}

/**
 * Pixel Padding Value and Range Limit (PS3.3 C.7.5.1.1.2): the values between them are no image. Their bytes are
 * taken in the signedness of the pixels, whatever VR was written.
 */
function paddingRange(dataset: DataSet, { signed }: PixelFormat): Rescale["padding"] {
  const read = (tag: string) => (signed ? dataset.int16(tag) : dataset.uint16(tag));
  const value = read("x00280120");
  if (value === undefined) return null;
  const [from, to] = sorted(value, read("x00280121") ?? value);
  return { from, to };
}

function isTissue(padding: NonNullable<Rescale["padding"]>, rescale: Rescale, format: PixelFormat): boolean {
  const [least, greatest] = storedRange(format);
  for (let stored = Math.max(padding.from, least); stored <= Math.min(padding.to, greatest); stored++) {
    const hu = toHu(stored, rescale);
    if (hu >= TISSUE_HU[0] && hu <= TISSUE_HU[1]) return true;
  }
  return false;
}

/** Stored values from here on were -1000 HU and more. */
const FIRST_WRAPPED = 3096;

/**
 * Some scanners wrote 12-bit unsigned values whose intercept was forgotten: air, below zero, wrapped around to the top
 * of the range. Found in the RSNA 2019 haemorrhage data (about 5,000 images).
 */
function wrapsAround({ bitsStored, signed }: PixelFormat, intercept: number): boolean {
  return bitsStored === 12 && !signed && intercept > -100;
}

function sorted(a: number, b: number): [number, number] {
  return a < b ? [a, b] : [b, a];
}
