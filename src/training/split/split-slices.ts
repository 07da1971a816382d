import { LABELS } from "../../contract/labels.ts";
import type { Dataset } from "../dataset/dataset.ts";
import type { LabelIndex } from "../dataset/resolve-labels.ts";
import { positiveImages } from "./fold-table.ts";
import { SeededRandom } from "./random.ts";

/**
 * Divides images at random, those with the same labels evenly: the split of the reference baseline, whose sides share
 * patients.
 * @returns the fold of each image, in the order of instances.jsonl
 */
export async function foldsOfSlices(
  dataset: Dataset,
  labels: LabelIndex,
  shares: readonly number[],
  seed: number,
): Promise<Uint8Array> {
  const folds = new Uint8Array(dataset.manifest.counts.instances);
  const byLabels = new Map<string, number[]>();
  let first = 0;
  for await (const records of dataset.studies()) {
    const images = records.instances.map(() => "");
    LABELS.forEach((label, i) => {
      for (const image of positiveImages(records, label, labels)) images[image] = `${images[image]}${i}`;
    });
    for (const [image, key] of images.entries()) {
      const alike = byLabels.get(key) ?? [];
      byLabels.set(key, alike);
      alike.push(first + image);
    }
    first += images.length;
  }
  const random = new SeededRandom(seed);
  for (const [, images] of [...byLabels].sort(([a], [b]) => (a < b ? -1 : 1))) {
    random.shuffle(images);
    let to = 0;
    for (const [fold, share] of shares.entries()) {
      const from = to;
      to = fold === shares.length - 1 ? images.length : from + Math.round(share * images.length);
      for (const image of images.slice(from, to)) folds[image] = fold;
    }
  }
  return folds;
}
