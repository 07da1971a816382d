import type { Manifest } from "../../ai/manifest.ts";

/** How the numbers of prepared images are stored. */
export type ElementType = "uint8" | "float16" | "float32";

export const ELEMENT_TYPES: Record<ElementType, { descr: string; bytes: number }> = {
  uint8: { descr: "|u1", bytes: 1 },
  float16: { descr: "<f2", bytes: 2 },
  float32: { descr: "<f4", bytes: 4 },
};

const GREY_LEVELS = 255;

/** What a stored number stands for, for each channel: `value = stored * scale + offset` is what the model takes. */
export function dequantisation(type: ElementType, { channels, normalize }: Manifest["input"]) {
  if (type !== "uint8") return null;
  const each = channels.map((_, i) => ({ mean: ofChannel(normalize.mean, i), std: ofChannel(normalize.std, i) }));
  return {
    formula: "value = stored * scale[channel] + offset[channel]",
    scale: each.map(({ std }) => 1 / GREY_LEVELS / std),
    offset: each.map(({ mean, std }) => -mean / std),
  };
}

/** Stores one image, as the model takes it, from `at` on. uint8 is the share of each channel's window in 255 levels. */
export function storeImage(
  image: Float32Array,
  type: ElementType,
  input: Manifest["input"],
  to: Uint8Array,
  at: number,
): void {
  if (type === "uint8") {
    const { channels, layout, width, height, normalize } = input;
    for (let i = 0; i < image.length; i++) {
      const channel = layout === "NCHW" ? Math.floor(i / (width * height)) : i % channels.length;
      const share = image[i]! * ofChannel(normalize.std, channel) + ofChannel(normalize.mean, channel);
      to[at + i] = Math.min(GREY_LEVELS, Math.max(0, Math.round(share * GREY_LEVELS)));
    }
    return;
  }
  const view = new DataView(to.buffer, to.byteOffset);
  if (type === "float32") for (let i = 0; i < image.length; i++) view.setFloat32(at + 4 * i, image[i]!, true);
  else for (let i = 0; i < image.length; i++) view.setUint16(at + 2 * i, halfOf(image[i]!), true);
}

/** One value for all channels, or one each. */
function ofChannel(values: number[], channel: number): number {
  return values.length === 1 ? values[0]! : values[channel]!;
}

const single = new Float32Array(1);
const bits = new Uint32Array(single.buffer);

/** The nearest number of 16 bits (IEEE 754 binary16), ties to even. */
export function halfOf(value: number): number {
  single[0] = value;
  const word = bits[0]!;
  const sign = (word >>> 16) & 0x8000;
  const magnitude = word & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00;
  if (magnitude >= 0x47800000) return sign | 0x7c00;
  // Below 2^-14 the steps are 2^-24 each.
  if (magnitude < 0x38800000) {
    const steps = Math.abs(single[0]!) * 2 ** 24;
    const below = Math.floor(steps);
    const rest = steps - below;
    return sign | (below + Number(rest > 0.5 || (rest === 0.5 && below % 2 === 1)));
  }
  const rounded = magnitude + 0xfff + ((magnitude >>> 13) & 1);
  return sign | ((rounded - 0x38000000) >>> 13);
}
