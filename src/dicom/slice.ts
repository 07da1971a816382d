import { attributesOfDataSet } from "./attributes.ts";
import { leadingDecimal } from "./decimal.ts";
import { framesOf } from "./functional-groups.ts";
import { headersFromDataSet } from "./header.ts";
import { huOfWords } from "./hu-table.ts";
import { parsePart10 } from "./part10.ts";
import { framesOfPixelData } from "./pixel-data.ts";
import { pixelFormat } from "./pixel-format.ts";
import { rescaleOf } from "./rescale.ts";
import type { InstanceHeader, StoredObject } from "./source.ts";

/** One CT image, or one frame of a multi-frame one, decoded. */
export interface CtSlice {
  header: InstanceHeader;
  /** Where it was read from; null when it came from a PACS. */
  file: string | null;
  rows: number;
  columns: number;
  /** rows x columns */
  hu: Int16Array;
  /** The first window that the image asks for (0028,1050 and 1051). */
  windowHu: { center: number; width: number } | null;
}

export interface SliceOptions {
  /** The values of images that were exported in one window end at its bounds: air and bone are lost. Never for triage. */
  windowed?: boolean;
}

/**
 * Decodes the frames of one CT image to Hounsfield units, all or none; nothing about them is guessed.
 * @throws VigilError dicom-unreadable, pixels-unsupported, values-not-hu; the message names the file or the instance
 */
export async function readSlices(
  { bytes, file }: StoredObject,
  { windowed = false }: SliceOptions = {},
): Promise<CtSlice[]> {
  const dataset = parsePart10(bytes, file ?? "an instance");
  const headers = headersFromDataSet(dataset, file ?? "an instance");
  const where = file ?? `instance ${headers[0]!.sopInstanceUid}`;
  const image = attributesOfDataSet(dataset);
  const format = pixelFormat(image, where);
  const { rows, columns } = format;
  const frames = framesOf(image).map((frame, i) => ({
    header: headers[i]!,
    rescale: rescaleOf(frame, dataset, format, format.frames === 1 ? where : `${where}, frame ${i + 1}`, windowed),
    windowHu: windowOf(frame.texts("00281050")[0], frame.texts("00281051")[0]),
  }));
  const slices: CtSlice[] = [];
  for await (const words of framesOfPixelData(dataset, format, where)) {
    const { header, rescale, windowHu } = frames[slices.length]!;
    slices.push({ header, file, rows, columns, hu: huOfWords(words, format, rescale), windowHu });
  }
  return slices;
}

function windowOf(centerText = "", widthText = ""): CtSlice["windowHu"] {
  const [center, width] = [leadingDecimal(centerText), leadingDecimal(widthText)];
  return center !== null && width !== null && width > 0 ? { center, width } : null;
}
