import { readFile } from "node:fs/promises";
import { parentPort } from "node:worker_threads";
import { readSlices } from "../../dicom/slice.ts";
import { toVigilError } from "../../errors.ts";
import { instanceKey } from "../dataset/instance-record.ts";
import { showsTissue } from "./featureless.ts";
import { hashOfImage } from "./image-hash.ts";
import { printsOf, type SmallImages, smallImages } from "./image-print.ts";
import { likeness } from "./likeness.ts";
import type { FileToPrint, ImageInFile, PrintAnswer, PrintedImage, PrintRequest } from "./printed-image.ts";

/** A thread that reads images, makes their prints and compares them. */

/** Of a crown's tip every head has one like it. */
const LEAST_TISSUE_FOR_LIKENESS = 0.1;

const port = parentPort!;

port.on("message", async (request: PrintRequest) => {
  try {
    const answer: PrintAnswer = "print" in request ? await print(request.print) : await compare(request.compare);
    port.postMessage({ type: "answer", answer });
  } catch (error) {
    port.postMessage({ type: "error", code: "dicom-unreadable", message: toVigilError(error).message });
  }
});
port.postMessage({ type: "ready", ready: null });

async function imagesOf({ file, arePictures }: FileToPrint) {
  const slices = await readSlices({ bytes: await readFile(file), file }, { windowed: arePictures });
  return slices.map(({ header, ...slice }) => ({
    key: instanceKey({ sop: header.sopInstanceUid, frame: header.frameNumber }),
    ...slice,
  }));
}

async function print(file: FileToPrint): Promise<PrintAnswer> {
  const images = (await imagesOf(file)).map(({ key, hu, rows, columns }): PrintedImage => {
    const small = showsTissue(hu, LEAST_TISSUE_FOR_LIKENESS) ? smallImages(hu, rows, columns) : null;
    return {
      key,
      hash: showsTissue(hu) ? hashOfImage(hu, rows) : null,
      prints: small === null ? null : printsOf(small),
    };
  });
  return { images };
}

async function compare([a, b]: [ImageInFile, ImageInFile]): Promise<PrintAnswer> {
  const [one, other] = [await smallOf(a), await smallOf(b)];
  return { likeness: one === null || other === null ? 0 : likeness(one, other) };
}

async function smallOf(image: ImageInFile): Promise<SmallImages | null> {
  const found = (await imagesOf(image)).find(({ key }) => key === image.key);
  return found === undefined ? null : smallImages(found.hu, found.rows, found.columns);
}
