import { createHash } from "node:crypto";
import type { Manifest } from "../../ai/manifest.ts";
import type { SelectionSettings } from "../../dicom/selection/rules.ts";
import type { ElementType } from "./element-type.ts";

/** What images are turned into. */
export type PrepareSpec =
  | {
      kind: "model";
      input: Manifest["input"];
      dtype: ElementType;
      /** By which the heads of a study are found, as scoring does. */
      selection: SelectionSettings;
    }
  /** The files of the reference baseline, one for each image. */
  | { kind: "reference" };

/** Raised when other numbers come out of the same images and the same spec. */
const PREPARE_FORMAT = 1;

/** Names the folder: the same images prepared in the same way lie in the same one. */
export function preparedHash(spec: PrepareSpec, contentHash: string, shardSize: number): string {
  const parts = [PREPARE_FORMAT, spec, contentHash, shardSize];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 16);
}
