import { createHash, type Hash } from "node:crypto";
import type { InstanceRecord } from "./instance-record.ts";
import type { LabelRow } from "./label-row.ts";

/**
 * Adds up one hash over what there is to learn from: each image's place among patients, studies and series, its pixels,
 * and every label. Names of files and dates are no part of it.
 */
export class ContentHash {
  readonly #hash: Hash = createHash("sha256");

  addInstance({ patient, study, series, sop, frame, z, pixelHash }: InstanceRecord): void {
    this.#hash.update(JSON.stringify([patient, study, series, sop, frame, z, pixelHash]));
  }

  addLabels({ study, sop, labels, source, reader }: LabelRow): void {
    this.#hash.update(JSON.stringify([study, sop, labels, source, reader]));
  }

  digest(): string {
    return this.#hash.digest("hex");
  }
}
