import { VigilError } from "../../errors.ts";
import { transferSyntaxName } from "../uids.ts";

export interface FrameFormat {
  rows: number;
  columns: number;
  bitsAllocated: 8 | 16;
  bitsStored: number;
  signed: boolean;
}

/** Whether frames of this transfer syntax can be decoded. */
export function canDecode(_transferSyntaxUid: string): boolean {
  return false;
}

/**
 * Decodes one compressed frame to rows x columns words, little endian.
 * @throws VigilError pixels-unsupported, dicom-unreadable
 */
export async function decodeFrame(
  transferSyntaxUid: string,
  _frame: Uint8Array,
  _format: FrameFormat,
): Promise<Uint8Array> {
  throw new VigilError("pixels-unsupported", `${transferSyntaxName(transferSyntaxUid)} cannot be decoded`);
}
