import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { TRANSFER_SYNTAX } from "../src/dicom/uids.ts";
import { rewritten } from "../tests/support/dcmtk.ts";
import { htj2kFrame, type StoredFrame, storedFrame } from "../tests/support/encoded-frames.ts";
import { headSlice, type SliceBits } from "./heads.ts";

/** A slice of 512 x 512 in one transfer syntax. */
export interface EncodedSlice {
  syntax: string;
  frame: StoredFrame;
}

/** What dcmtk and GDCM write, in the order of docs/codecs.md. */
const COMMANDS: [syntax: string, bits: SliceBits, command: string][] = [
  ["RLE Lossless", 16, "dcmcrle"],
  ["JPEG Baseline", 8, "dcmcjpeg +eb"],
  ["JPEG Extended 12 bit", 12, "dcmcjpeg +ee"],
  ["JPEG Spectral Selection", 12, "dcmcjpeg +es"],
  ["JPEG Full Progression", 12, "dcmcjpeg +ep"],
  ["JPEG Lossless", 16, "dcmcjpeg +el +sv 1"],
  ["JPEG Lossless, first-order prediction", 16, "dcmcjpeg +e1"],
  ["JPEG-LS Lossless", 16, "dcmcjpls +el"],
  ["JPEG-LS Near-Lossless", 12, "dcmcjpls +en"],
  ["JPEG 2000 Lossless", 16, "gdcmconv --j2k"],
  ["JPEG 2000", 16, "gdcmconv --j2k --lossy -r 10"],
];

const HTJ2K: [syntax: string, uid: string][] = [
  ["HTJ2K Lossless", TRANSFER_SYNTAX.htj2kLossless],
  ["HTJ2K Lossless RPCL", TRANSFER_SYNTAX.htj2kLosslessRpcl],
  ["HTJ2K", TRANSFER_SYNTAX.htj2k],
];

/** The encoders must be installed: dcmtk, GDCM. A syntax that they cannot write is left out. */
export async function encodedSlices(): Promise<EncodedSlice[]> {
  const folder = mkdtempSync(path.join(tmpdir(), "vigil-bench-"));
  try {
    const slices = COMMANDS.flatMap(([syntax, bits, command]): EncodedSlice[] => {
      const [tool, ...options] = command.split(" ") as [string, ...string[]];
      try {
        return [{ syntax, frame: storedFrame(rewritten(headSlice(bits), folder, tool, ...options)) }];
      } catch (error) {
        process.stderr.write(`  ${syntax}: ${command} failed: ${(error as Error).message.split("\n")[0]}\n`);
        return [];
      }
    });
    for (const [syntax, uid] of HTJ2K) slices.push({ syntax, frame: await htj2kFrame(headSlice(16), uid) });
    return slices;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
