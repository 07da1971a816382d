import type { CtSlice } from "../../dicom/slice.ts";

/**
 * An image as the reference baseline stores it (docs/training.md): clipped to the first window of its header, scaled to 0..255
 * by its own least and greatest value, cut to whole numbers as numpy's astype("uint8") does. An even image is black.
 * @returns rows x columns; null without a window
 */
export function referenceImage({ hu, windowHu }: Pick<CtSlice, "hu" | "windowHu">): Uint8Array | null {
  if (windowHu === null) return null;
  const { center, width } = windowHu;
  const [lowest, highest] = [center - width / 2, center + width / 2];
  const clipped = (value: number) => Math.min(highest, Math.max(lowest, value));
  let [least, greatest] = [highest, lowest];
  for (let i = 0; i < hu.length; i++) {
    const value = clipped(hu[i]!);
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  const range = greatest - least;
  const image = new Uint8Array(hu.length);
  if (range > 0) for (let i = 0; i < hu.length; i++) image[i] = Math.trunc(((clipped(hu[i]!) - least) / range) * 255);
  return image;
}
