import type { FileHandle } from "node:fs/promises";
import path from "node:path";
import { VigilError } from "../errors.ts";
import { refuseLarge, withFile } from "./folder-files.ts";
import { headersFromDataSet } from "./header.ts";
import { isCutOff, looksLikeDicom, mediaStorageClassOf, parsePart10 } from "./part10.ts";
import type { InstanceHeader } from "./source.ts";
import { SOP_CLASS } from "./uids.ts";

/** A file and the images in it: one of each frame. */
export interface LocatedInstance {
  file: string;
  headers: InstanceHeader[];
}

/** The header of a CT image fits in the first; functional groups of an enhanced one take up to some 10 KB an image. */
const BEGINNINGS_BYTES = [64 * 1024, 1024 ** 2, 16 * 1024 ** 2, 64 * 1024 ** 2];

/**
 * The headers of a DICOM file; undefined when it is not DICOM or no part of a study (DICOMDIR).
 * @throws VigilError dicom-unreadable
 */
export function readFileHeader(file: string): Promise<LocatedInstance | undefined> {
  return withFile(file, async (handle, info) => {
    for (const length of BEGINNINGS_BYTES) {
      const beginning = await readBeginning(handle, Math.min(length, info.size));
      if (!looksLikeDicom(beginning)) return notDicom(file);
      if (mediaStorageClassOf(beginning) === SOP_CLASS.mediaStorageDirectory) return undefined;
      refuseLarge(file, info);
      try {
        const headers = headersFromDataSet(parsePart10(beginning, file, { untilPixels: true }), file);
        if (headers.length === 0) throw new VigilError("dicom-unreadable", `${file} has no image`);
        return { file, headers };
      } catch (error) {
        if (!isCutOff(error) || length >= info.size) throw error;
      }
    }
    throw new VigilError("dicom-unreadable", `${file} cannot be read as DICOM: its header is longer than 64 MiB`);
  });
}

async function readBeginning(handle: FileHandle, length: number): Promise<Uint8Array> {
  const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(length), 0, length, 0);
  return buffer.subarray(0, bytesRead);
}

/** A file that is called an image and is none, such as an empty one, is a copy that failed: an image is missing. */
function notDicom(file: string): undefined {
  const name = path.basename(file);
  if (/\.(dcm|dicom|ima)$/i.test(name) && !name.startsWith("."))
    throw new VigilError("dicom-unreadable", `${file} cannot be read as DICOM: it does not begin as DICOM does`);
}
