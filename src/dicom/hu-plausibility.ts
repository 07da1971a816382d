import { type Warning, warning } from "../contract/warning.ts";
import { VigilError } from "../errors.ts";
import { HuHistogram } from "./hu-histogram.ts";

/**
 * Whether the values of a head can be Hounsfield units: a file may say that they are and lie, and then blood looks like
 * brain. The limits are wide: 140 real slices, from the neck to above the vertex, lie well within them, while values
 * that are shifted by 50 HU and more, scaled, inverted or windowed do not.
 */

type Range = readonly [number, number];

/** Below: the corners outside the reconstructed circle. */
const PADDING_HU = -1400;
const AIR_HU: Range = [-1100, -850];
/** Above: a body. From the padding to here: air, most of it. */
const BODY_HU = -300;
const SOFT_HU: Range = [-200, 300];
/** Where the most frequent soft tissue may lie: of a head, and of one slice, which may be of fat or skull base. */
const PEAK_OF_HEAD_HU: Range = [0, 62];
const PEAK_OF_SLICE_HU: Range = [-130, 300];
const BONE_HU = 300;
const DENSE_BONE_HU = 900;
/** Above: metal, if anything. */
const METAL_HU = 4000;

/** From so many slices on, the whole is judged as a head. */
const MIN_SLICES_OF_HEAD = 5;
/** A head fills more of its slices than that; a slice that is less filled is not judged by itself. */
const MIN_BODY_OF_HEAD = 0.03;
const MIN_BODY_OF_SLICE = 0.1;
/** A slice with less body, between two that show some, is blank. */
const MAX_BODY_OF_BLANK = 0.005;

/**
 * @param histograms of the slices of one volume, in anatomical order
 * @returns warnings of slices that show nothing, and of slices whose values are none of the rest's
 * @throws VigilError values-not-hu when the volume as a whole cannot be in HU
 */
export function checkHu(histograms: HuHistogram[]): Warning[] {
  const whole = HuHistogram.sum(histograms);
  const doubt = histograms.length < MIN_SLICES_OF_HEAD ? doubtOfSlice(whole) : doubtOfHead(whole);
  if (doubt !== null) throw new VigilError("values-not-hu", `values are not HU: ${doubt}`);
  const body = histograms.map(bodyShare);
  const isShown = (z: number) => (body[z] ?? 0) >= MIN_BODY_OF_SLICE;
  const isBlank = (z: number) =>
    histograms[z]!.isBlank || (body[z]! < MAX_BODY_OF_BLANK && isShown(z - 1) && isShown(z + 1));
  const lacksAir = (z: number) => airShare(whole) > 0.2 && airShare(histograms[z]!) < 0.01;
  const all = [...histograms.keys()];
  const blank = all.filter(isBlank);
  const odd = all.filter((z) => !isBlank(z) && (lacksAir(z) || doubtOfSlice(histograms[z]!) !== null));
  return [
    ...told("blank-slices", "blank", blank, "show nothing"),
    ...told("slices-not-hu", "not in HU", odd, "have values that are not HU"),
  ];
}

function told(code: string, what: string, places: number[], sentence: string): Warning[] {
  if (places.length === 0) return [];
  const which = places.slice(0, 5).map((z) => z + 1);
  const more = places.length > which.length ? ", …" : "";
  const [noun, verb] = places.length === 1 ? ["slice", "is"] : ["slices", "are"];
  const message = `Slices that ${sentence}: ${which.join(", ")}${more}, counted from below.`;
  return [warning(code, message, `${places.length} ${noun} ${verb} ${what}`)];
}

function bodyShare(histogram: HuHistogram): number {
  return histogram.share(BODY_HU, Infinity);
}

function airShare(histogram: HuHistogram): number {
  return histogram.share(PADDING_HU, BODY_HU);
}

function doubtOfHead(histogram: HuHistogram): string | null {
  if (histogram.isBlank) return "all slices are blank";
  return (
    doubtOfScale(histogram) ??
    (bodyShare(histogram) < MIN_BODY_OF_HEAD ? "nearly all of them are those of air" : null) ??
    doubtOfTissue(histogram, PEAK_OF_HEAD_HU)
  );
}

function doubtOfSlice(histogram: HuHistogram): string | null {
  if (bodyShare(histogram) < MIN_BODY_OF_SLICE) return doubtOfScale(histogram);
  return doubtOfScale(histogram) ?? doubtOfTissue(histogram, PEAK_OF_SLICE_HU);
}

function doubtOfScale(histogram: HuHistogram): string | null {
  if (histogram.share(-Infinity, PADDING_HU) > 0.45) return `most of them are below ${PADDING_HU}`;
  if (histogram.share(METAL_HU, Infinity) > 0.05) return `many of them are above ${METAL_HU}`;
  // A tight crop shows little air; a bandage or a pillow may be most of it.
  const airLike = airShare(histogram);
  if (airLike < 0.15 || histogram.share(...AIR_HU) / airLike > 0.25) return null;
  return `the air around the head has ${histogram.median(PADDING_HU, BODY_HU)}, not -1000`;
}

function doubtOfTissue(histogram: HuHistogram, peakHu: Range): string | null {
  const body = histogram.count(BODY_HU, Infinity);
  const dense = histogram.count(DENSE_BONE_HU, Infinity) / body;
  if (histogram.count(...SOFT_HU) / body < 0.2) return "there is next to no soft tissue in them";
  if (dense > 0.45) return "nearly half of the head would be dense bone";
  if (airShare(histogram) < 0.01) {
    const bone = histogram.count(BONE_HU, Infinity) / body;
    if (bone < 0.002) return "there is neither air nor bone in them";
    // What is thought to be soft tissue is air then, and all of the head lies a thousand above.
    if (dense > 0.02 && dense / bone > 0.7) return "there is no air, and bone is dense everywhere";
  }
  const softHu = histogram.peak(...SOFT_HU);
  return isWithin(softHu, peakHu) ? null : `soft tissue has ${softHu}, brain 20 to 45`;
}

function isWithin(hu: number, [from, to]: Range): boolean {
  return hu >= from && hu <= to;
}
