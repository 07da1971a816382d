import { inflateRawSync } from "node:zlib";
import dicomParser, { type DataSet, type Element } from "dicom-parser";
import { VigilError } from "../errors.ts";
import { TRANSFER_SYNTAX } from "./uids.ts";

export type { DataSet, Element };

export const PIXEL_DATA = "x7fe00010";

/**
 * Parses a DICOM file (PS3.10), or a bare data set without preamble and meta header as old archives keep them.
 * `untilPixels` stops before Pixel Data, so that the beginning of a file is enough.
 * @throws VigilError dicom-unreadable; `where` names the file or instance
 */
export function parsePart10(bytes: Uint8Array, where: string, { untilPixels = false } = {}): DataSet {
  try {
    return dicomParser.parseDicom(bytes, {
      ...(untilPixels && { untilTag: PIXEL_DATA }),
      ...(!hasPreamble(bytes) && { TransferSyntaxUID: guessedTransferSyntax(bytes) }),
      inflater: inflateBehindHeader,
    });
  } catch (cause) {
    throw new VigilError("dicom-unreadable", `${where} cannot be read as DICOM: ${reasonOf(cause)}`, { cause });
  }
}

/** Whether this is the beginning of a DICOM file: the preamble, or the first elements of a bare data set. */
export function looksLikeDicom(bytes: Uint8Array): boolean {
  if (hasPreamble(bytes)) return true;
  if (bytes.length < 16) return false;
  const group = bytes[0]! | (bytes[1]! << 8);
  const element = bytes[2]! | (bytes[3]! << 8);
  // Identifying group 0008: group length, character set, image type or SOP class comes first.
  return group === 0x0008 && element <= 0x0018;
}

/** The bytes of an element's value. */
export function valueBytes(dataset: DataSet, element: Element): Uint8Array {
  const { buffer, byteOffset } = dataset.byteArray;
  return new Uint8Array(buffer, byteOffset + element.dataOffset, element.length);
}

export function transferSyntaxOf(dataset: DataSet): string {
  const element = dataset.elements.x00020010 as (Element & { Value?: string }) | undefined;
  return element?.Value ?? dataset.string("x00020010") ?? TRANSFER_SYNTAX.implicitLittleEndian;
}

function hasPreamble(bytes: Uint8Array): boolean {
  return bytes.length > 132 && String.fromCharCode(...bytes.subarray(128, 132)) === "DICM";
}

/** Explicit encodings have the value representation, two capitals, behind the first tag (PS3.5 7.1.2). */
function guessedTransferSyntax(bytes: Uint8Array): string {
  const vr = String.fromCharCode(...bytes.subarray(4, 6));
  return /^[A-Z]{2}$/.test(vr) ? TRANSFER_SYNTAX.explicitLittleEndian : TRANSFER_SYNTAX.implicitLittleEndian;
}

function inflateBehindHeader(bytes: Uint8Array, position: number): Uint8Array {
  const dataset = inflateRawSync(bytes.subarray(position));
  const whole = new Uint8Array(position + dataset.length);
  whole.set(bytes.subarray(0, position));
  whole.set(dataset, position);
  return whole;
}

/** dicom-parser throws strings and `{exception, dataSet}`. */
function reasonOf(cause: unknown): string {
  const inner = typeof cause === "object" && cause !== null && "exception" in cause ? cause.exception : cause;
  const text = inner instanceof Error ? inner.message : String(inner);
  if (/buffer overrun|past end/.test(text)) return "it is cut off";
  return text.replace(/^dicomParser[.:]\w+: /, "");
}
