import { availableParallelism } from "node:os";
import { toVigilError } from "../../errors.ts";
import { WorkerPool } from "../../worker-pool.ts";
import { inOrder } from "../dataset/in-order.ts";
import { COPIES_FROM } from "./likeness.ts";
import { type DividedImage, PixelIndex } from "./pixel-index.ts";
import type { FileToPrint, PrintAnswer, PrintRequest } from "./printed-image.ts";

/** One file of images, and on which side (of a split, or of which patient) each stands. */
export interface DividedFile extends FileToPrint {
  /** What the image is called; undefined for one that stands on no side. */
  sideOf(key: string): { name: string; side: string } | undefined;
}

/** Images with the same pixels on two sides. */
export interface Copies {
  identical: [DividedImage, DividedImage][];
  /** Resized, shown in another window, cropped, mirrored or compressed again. */
  nearIdentical: [DividedImage, DividedImage][];
  /** What was not looked at, in whole sentences. */
  remarks: string[];
}

const DEADLINE_MS = 60_000;

/** Reads all files in threads and finds copies across sides; takes some 500 bytes of memory an image. */
export async function findCopies(
  files: Iterable<DividedFile> | AsyncIterable<DividedFile>,
  onProgress: (done: number) => void = () => undefined,
): Promise<Copies> {
  const pixels = new PixelIndex();
  const threads = availableParallelism();
  const pool = await WorkerPool.start<PrintRequest, PrintAnswer, null>({
    script: new URL("./print-worker.ts", import.meta.url),
    size: threads,
    purpose: "the comparing of images",
    failureCode: "dicom-unreadable",
    terminable: true,
    workerData: () => null,
  });
  const unreadable: string[] = [];
  const ask = (request: PrintRequest, subject: string) =>
    pool.run(request, [], undefined, { deadlineMs: DEADLINE_MS, subject }).catch((error: unknown) => {
      unreadable.push(toVigilError(error).message);
      return { images: [] };
    });
  let done = 0;
  try {
    const printed = inOrder(files, 4 * threads, async (file) => {
      const { file: where, arePictures } = file;
      return { file, answer: await ask({ print: { file: where, arePictures } }, where) };
    });
    for await (const { file, answer } of printed) {
      for (const image of "images" in answer ? answer.images : []) {
        const known = file.sideOf(image.key);
        const { file: where, arePictures } = file;
        if (known !== undefined) pixels.add({ ...known, key: image.key, file: where, arePictures }, image);
      }
      onProgress(++done);
    }
    const nearIdentical: Copies["nearIdentical"] = [];
    const compared = inOrder(pixels.alike, 4 * threads, async (pair) => ({
      pair,
      answer: await ask({ compare: pair }, pair[1].file),
    }));
    for await (const { pair, answer } of compared)
      if ("likeness" in answer && answer.likeness >= COPIES_FROM) nearIdentical.push(pair);
    return { identical: pixels.identical, nearIdentical, remarks: remarksOf(unreadable, pixels.featureless) };
  } finally {
    await pool.stop();
  }
}

function remarksOf(unreadable: string[], featureless: number): string[] {
  const remarks: string[] = [];
  if (unreadable.length > 0)
    remarks.push(`${unreadable.length} files cannot be read and were not compared, such as: ${unreadable[0]}`);
  if (featureless > 0)
    remarks.push(`${featureless} images show too little of a head to be recognised: only identical ones were found.`);
  return remarks;
}
