import { readFile } from "node:fs/promises";
import { decode } from "fast-png";
import type { PlacedSlice } from "../../dicom/placed-slice.ts";
import type { SliceMember } from "../../dicom/slab-stack.ts";
import { SlabSum } from "../../dicom/slabs.ts";
import { VigilError } from "../../errors.ts";
import { keyOf } from "./dataset-study.ts";

/**
 * The lesions of a slice, rows x columns, 0 to 255; of a slab the mean of its images' masks, laid over each other as they
 * are. null where none of them has any.
 * @throws VigilError dataset-invalid
 */
export async function maskOfSlice(
  slice: PlacedSlice,
  members: SliceMember[],
  fileOf: (key: string) => string | undefined,
): Promise<Int16Array | null> {
  const files = members.map(({ header }) => fileOf(keyOf(header)));
  if (files.every((file) => file === undefined)) return null;
  if (members.length === 1) return readMask(files[0]!, slice);
  const sum = new SlabSum(slice);
  for (const [i, { header }] of members.entries()) {
    const file = files[i];
    const mask = file === undefined ? new Int16Array(slice.rows * slice.columns) : await readMask(file, slice);
    sum.add(header.imagePositionMm ?? slice.cornerMm, mask);
  }
  return sum.mean();
}

async function readMask(file: string, { rows, columns }: PlacedSlice): Promise<Int16Array> {
  try {
    const { width, height, data, channels, depth } = decode(await readFile(file));
    if (width !== columns || height !== rows || depth > 8) throw new Error(`${width} x ${height}, ${depth} bit`);
    return Int16Array.from({ length: rows * columns }, (_, i) => data[i * channels]!);
  } catch (cause) {
    const message = `${file} is no mask of ${columns} x ${rows} pixels: ${(cause as Error).message}`;
    throw new VigilError("dataset-invalid", message, { cause });
  }
}
