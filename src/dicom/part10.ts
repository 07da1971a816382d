import { constants, inflateRawSync } from "node:zlib";
import { toVigilError, VigilError } from "../errors.ts";
import { type DataSet, type Element, LONGEST_TEXT_BYTES } from "./data-set.ts";
import { DataSetParser, type Encoding, isVrAt, Malformed, PIXEL_DATA } from "./data-set-parser.ts";
import { isUncompressed, TRANSFER_SYNTAX } from "./uids.ts";

export { type DataSet, type Element, PIXEL_DATA };

/** What a deflated data set may grow to: 190 images of 512 x 512. Twice as much is held while it is put together. */
const LARGEST_INFLATED_MIB = 96;
/** The same of the beginning of a file, which shrinks to 64 KiB or a little more. */
const LARGEST_INFLATED_BEGINNING_MIB = 32;

const PREAMBLE_BYTES = 132;

/**
 * Parses a DICOM file (PS3.10), or a bare data set without preamble and meta header as old archives keep them. How the
 * data set is encoded is seen in its first element: meta headers are wrong, or have no transfer syntax.
 * `untilPixels` stops before Pixel Data, so that the beginning of a file is enough.
 * @throws VigilError dicom-unreadable; `where` names the file or instance
 */
export function parsePart10(bytes: Uint8Array, where: string, { untilPixels = false } = {}): DataSet {
  try {
    if (bytes.length > 0 && !looksLikeDicom(bytes)) throw new Malformed("it does not begin as DICOM does");
    const parser = new DataSetParser(bytes, hasPreamble(bytes) ? PREAMBLE_BYTES : 0);
    const meta = parser.readMeta();
    const declared = meta.string("x00020010");
    const deflated = declared === TRANSFER_SYNTAX.deflatedExplicitLittleEndian && !isVrAt(bytes, parser.position + 4);
    const body = deflated ? inflated(bytes.subarray(parser.position), untilPixels) : bytes;
    const main = deflated ? new DataSetParser(body, 0) : parser;
    const encoding = encodingOf(body, main.position, declared, deflated);
    const dataset = main.readMain(encoding, meta, { untilPixels });
    if (Object.keys(dataset.elements).length === 0) throw new Malformed("it is empty", { cutOff: true });
    return dataset;
  } catch (cause) {
    throw new VigilError("dicom-unreadable", `${where} cannot be read as DICOM: ${toVigilError(cause).message}`, {
      cause,
    });
  }
}

/** Whether this error says that there are too few bytes. */
export function isCutOff(error: unknown): boolean {
  return error instanceof VigilError && error.cause instanceof Malformed && error.cause.cutOff;
}

/** Whether this is the beginning of a DICOM file: the preamble, or the first elements of a bare data set. */
export function looksLikeDicom(bytes: Uint8Array): boolean {
  if (hasPreamble(bytes)) return true;
  if (bytes.length < 16) return false;
  const group = bytes[0]! | (bytes[1]! << 8);
  const element = bytes[2]! | (bytes[3]! << 8);
  // Meta header without preamble, or identifying group 0008: group length, character set, image type or SOP class first.
  return (group === 0x0002 && element <= 0x0001) || (group === 0x0008 && element <= 0x0018);
}

/** What the meta header says that the file holds; undefined when that cannot be read. */
export function mediaStorageClassOf(bytes: Uint8Array): string | undefined {
  try {
    return new DataSetParser(bytes, hasPreamble(bytes) ? PREAMBLE_BYTES : 0).readMeta().string("x00020002");
  } catch {
    return undefined;
  }
}

/**
 * The bytes of an element's value. Except pixels, nothing is read that is longer than 64 KiB.
 * @throws VigilError dicom-unreadable
 */
export function valueBytes(dataset: DataSet, { tag, dataOffset, length }: Element): Uint8Array {
  const { buffer, byteOffset, byteLength } = dataset.byteArray;
  if (dataOffset + length > byteLength) throw new VigilError("dicom-unreadable", `the value of ${tag} is cut off`);
  if (length > LONGEST_TEXT_BYTES && !tag.startsWith("x7fe0"))
    throw new VigilError("dicom-unreadable", `the value of ${tag} is too long: ${length} bytes`);
  return new Uint8Array(buffer, byteOffset + dataOffset, length);
}

/** The transfer syntax of the bytes as they are. */
export function transferSyntaxOf(dataset: DataSet): string {
  return dataset.transferSyntaxUid;
}

function hasPreamble(bytes: Uint8Array): boolean {
  return bytes.length >= PREAMBLE_BYTES && String.fromCharCode(...bytes.subarray(128, PREAMBLE_BYTES)) === "DICM";
}

/**
 * Explicit encodings have a value representation behind the first tag (PS3.5 7.1.2), and a data set begins with a group
 * whose number fits in one byte.
 */
function encodingOf(bytes: Uint8Array, at: number, declared: string | undefined, deflated: boolean): Encoding {
  const explicit = isVrAt(bytes, at + 4);
  const [low = 0, high = 0] = bytes.subarray(at, at + 2);
  const littleEndian = low === high ? declared !== TRANSFER_SYNTAX.explicitBigEndian : low > high;
  const native = declared === undefined || (isUncompressed(declared) && !deflated);
  if (!native) return { transferSyntaxUid: declared, explicit, littleEndian };
  const little = explicit ? TRANSFER_SYNTAX.explicitLittleEndian : TRANSFER_SYNTAX.implicitLittleEndian;
  return { transferSyntaxUid: littleEndian ? little : TRANSFER_SYNTAX.explicitBigEndian, explicit, littleEndian };
}

function inflated(bytes: Uint8Array, beginningOnly: boolean): Uint8Array {
  const largestMib = beginningOnly ? LARGEST_INFLATED_BEGINNING_MIB : LARGEST_INFLATED_MIB;
  const maxOutputLength = largestMib * 1024 * 1024;
  // Room for the usual data set at once: otherwise it is copied together from pieces.
  const chunkSize = Math.min(maxOutputLength, Math.max(65_536, bytes.length * 4));
  const finishFlush = beginningOnly ? constants.Z_SYNC_FLUSH : constants.Z_FINISH;
  try {
    return inflateRawSync(bytes, { maxOutputLength, chunkSize, finishFlush });
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
    if (code === "Z_BUF_ERROR") throw new Malformed("it is cut off", { cutOff: true });
    if (code === "ERR_BUFFER_TOO_LARGE") throw new Malformed(`its deflated data set is larger than ${largestMib} MiB`);
    throw cause;
  }
}
