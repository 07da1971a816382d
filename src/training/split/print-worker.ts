import { readFile } from "node:fs/promises";
import { parentPort } from "node:worker_threads";
import { readSlices } from "../../dicom/slice.ts";
import { toVigilError } from "../../errors.ts";
import { instanceKey } from "../dataset/instance-record.ts";
import { showsTissue } from "./featureless.ts";
import { hashOfImage } from "./image-hash.ts";
import { printsOf } from "./image-print.ts";
import type { FileToPrint, PrintedImage } from "./printed-image.ts";

/** A thread that reads images and makes their prints. */

/** Of a crown's tip every head has one like it. */
const LEAST_TISSUE_FOR_LIKENESS = 0.1;

const port = parentPort!;

port.on("message", async ({ file, arePictures }: FileToPrint) => {
  try {
    const slices = await readSlices({ bytes: await readFile(file), file }, { windowed: arePictures });
    const answer = slices.map(({ header, hu, rows, columns }): PrintedImage => {
      const key = instanceKey({ sop: header.sopInstanceUid, frame: header.frameNumber });
      const hash = showsTissue(hu) ? hashOfImage(hu, rows) : null;
      return { key, hash, prints: showsTissue(hu, LEAST_TISSUE_FOR_LIKENESS) ? printsOf(hu, rows, columns) : null };
    });
    port.postMessage({ type: "answer", answer });
  } catch (error) {
    port.postMessage({ type: "error", code: "dicom-unreadable", message: toVigilError(error).message });
  }
});
port.postMessage({ type: "ready", ready: null });
