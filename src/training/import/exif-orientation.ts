/** EXIF 2.3, 4.6.4: how an image asks to be turned. */
const ORIENTATION_TAG = 0x0112;

/** The Orientation of EXIF data, which is a TIFF file with its directory; 1, upright, where it does not say. */
export function exifOrientation(tiff: Uint8Array): number {
  if (tiff.length < 8) return 1;
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength);
  const little = view.getUint16(0) === 0x4949;
  const directory = view.getUint32(4, little);
  if (directory + 2 > tiff.length) return 1;
  const entries = view.getUint16(directory, little);
  for (let i = 0, at = directory + 2; i < entries && at + 12 <= tiff.length; i++, at += 12) {
    if (view.getUint16(at, little) === ORIENTATION_TAG) return view.getUint16(at + 8, little);
  }
  return 1;
}

/** The same of a JPEG (APP1, "Exif"). */
export function jpegOrientation(jpeg: Uint8Array): number {
  const view = new DataView(jpeg.buffer, jpeg.byteOffset, jpeg.byteLength);
  for (let at = 2; at + 4 <= jpeg.length && jpeg[at] === 0xff; at += 2 + view.getUint16(at + 2)) {
    const marker = jpeg[at + 1]!;
    if (marker === 0xda) break;
    const value = jpeg.subarray(at + 4, at + 2 + view.getUint16(at + 2));
    if (marker === 0xe1 && text(value, 0, 6) === "Exif\0\0") return exifOrientation(value.subarray(6));
  }
  return 1;
}

/** The same of a PNG (chunk eXIf). */
export function pngOrientation(png: Uint8Array): number {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  for (let at = 8; at + 12 <= png.length; at += 12 + view.getUint32(at)) {
    if (text(png, at + 4, 4) === "eXIf") return exifOrientation(png.subarray(at + 8, at + 8 + view.getUint32(at)));
  }
  return 1;
}

function text(bytes: Uint8Array, from: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(from, from + length));
}
