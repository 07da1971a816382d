import { VigilError } from "../../errors.ts";

/** What a bitstream says about itself, read before any decoder sees it. */
export interface CodedImage {
  rows: number;
  columns: number;
  components: number;
  /** Bits of a sample. */
  precision: number;
  /** Only JPEG 2000 knows signed samples; elsewhere the words are as they were stored. */
  signed: boolean;
  /** The bitstream alone: without padding behind its end, and with an end marker where the writer left it out. */
  bytes: Uint8Array;
}

export function broken(what: string, cause?: unknown): VigilError {
  return new VigilError("dicom-unreadable", `the compressed pixels are broken: ${what}`, { cause });
}

export function unsupported(what: string): VigilError {
  return new VigilError("pixels-unsupported", `the compressed pixels cannot be decoded: ${what}`);
}

/**
 * Reads big-endian numbers; both JPEG families are written so.
 * @throws VigilError dicom-unreadable beyond the end
 */
export class BitstreamReader {
  readonly bytes: Uint8Array;
  #view: DataView;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  uint8(at: number): number {
    this.#mustHold(at, 1);
    return this.#view.getUint8(at);
  }

  uint16(at: number): number {
    this.#mustHold(at, 2);
    return this.#view.getUint16(at);
  }

  uint32(at: number): number {
    this.#mustHold(at, 4);
    return this.#view.getUint32(at);
  }

  /** The length field of a marker segment at `at`, which counts itself. */
  segmentEnd(at: number): number {
    const length = this.uint16(at);
    if (length < 2) throw broken("a marker segment has no length");
    this.#mustHold(at, length);
    return at + length;
  }

  #mustHold(at: number, count: number): void {
    if (at + count > this.bytes.length) throw broken(`cut off after ${this.bytes.length} bytes`);
  }
}
