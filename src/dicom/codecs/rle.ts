import { broken, unsupported } from "./coded-image.ts";

const HEADER_BYTES = 64;

/**
 * Decodes RLE Lossless (PS3.5 annex G): one segment for each byte of a pixel, the most significant first.
 * @param pixelCount of the frame; all of them must be there
 * @throws VigilError dicom-unreadable, pixels-unsupported
 */
export function decodeRle(bytes: Uint8Array, pixelCount: number, bytesPerPixel: number): Uint8Array {
  if (bytes.length < HEADER_BYTES) throw broken(`cut off after ${bytes.length} bytes`);
  const header = new DataView(bytes.buffer, bytes.byteOffset, HEADER_BYTES);
  const segments = header.getUint32(0, true);
  if (segments !== bytesPerPixel)
    throw unsupported(`it has ${segments} segments; its pixels have ${bytesPerPixel} bytes`);
  const starts = Array.from({ length: segments }, (_, segment) => header.getUint32(4 + 4 * segment, true));
  const ends = [...starts.slice(1), bytes.length];
  if (starts.some((start, segment) => start < HEADER_BYTES || start > ends[segment]!)) {
    throw broken("the offsets of its segments are wrong");
  }
  const pixels = new Uint8Array(pixelCount * bytesPerPixel);
  for (let segment = 0; segment < segments; segment++) {
    const coded = bytes.subarray(starts[segment], ends[segment]);
    const count = unpack(coded, pixels, segments - 1 - segment, bytesPerPixel);
    if (count < pixelCount) throw broken(`cut off: segment ${segment + 1} holds ${count} of ${pixelCount} pixels`);
  }
  return pixels;
}

/** PackBits (PS3.5 G.3.2) into every `step`th byte from `first`; returns how many it filled, and ignores what is more. */
function unpack(coded: Uint8Array, target: Uint8Array, first: number, step: number): number {
  let from = 0;
  let to = first;
  while (from < coded.length && to < target.length) {
    const control = coded[from++]!;
    if (control < 128) {
      const end = Math.min(from + control + 1, coded.length);
      while (from < end && to < target.length) {
        target[to] = coded[from++]!;
        to += step;
      }
    } else if (control > 128 && from < coded.length) {
      const value = coded[from++]!;
      for (let left = 257 - control; left > 0 && to < target.length; left--) {
        target[to] = value;
        to += step;
      }
    }
  }
  return (to - first) / step;
}
