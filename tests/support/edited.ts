import type { NaturalDataset } from "dcmjs";
import { encodeDicom } from "../../src/dicom/encode.ts";
import { readDataset } from "./content-tree.ts";

/** The same uncompressed object with other values of some attributes, by keyword. */
export function edited(bytes: Uint8Array, changes: NaturalDataset): Uint8Array {
  const { _meta, ...dataset } = readDataset(bytes);
  return encodeDicom({ ...dataset, ...changes, _vrMap: { PixelData: "OW" } });
}
