import { LABELS, type PerLabel, perLabel } from "../../contract/labels.ts";
import type { StudyRecords } from "../dataset/dataset.ts";
import { instanceKey } from "../dataset/instance-record.ts";
import type { LabelIndex } from "../dataset/resolve-labels.ts";

/** What one fold has. */
export interface FoldCounts {
  fold: number;
  patients: number;
  studies: number;
  slices: number;
  /** Images with each label; a study of which only the whole is known to have it counts as one. */
  positives: PerLabel<number>;
}

/** Counts the folds while studies come, those of a patient together. */
export class FoldTable {
  readonly folds: FoldCounts[];
  readonly #labels: LabelIndex;
  readonly #lastPatient = new Map<number, string>();

  constructor(folds: number, labels: LabelIndex) {
    const empty = (fold: number) => ({ fold, patients: 0, studies: 0, slices: 0, positives: perLabel(() => 0) });
    this.folds = Array.from({ length: folds }, (_, fold) => empty(fold));
    this.#labels = labels;
  }

  /** @param folds of each image of the study */
  add(records: StudyRecords, folds: number[]): void {
    for (const fold of new Set(folds)) {
      const counts = this.folds[fold]!;
      counts.studies++;
      if (this.#lastPatient.get(fold) !== records.patient) counts.patients++;
      this.#lastPatient.set(fold, records.patient);
    }
    for (const fold of folds) this.folds[fold]!.slices++;
    for (const label of LABELS) {
      const positive = positiveImages(records, label, this.#labels);
      for (const image of positive) this.folds[folds[image]!]!.positives[label]++;
    }
  }
}

/**
 * Which images of a study count as positive; of one that is only known to have the label as a whole, the first stands for
 * it.
 */
export function positiveImages({ study, instances }: StudyRecords, label: (typeof LABELS)[number], labels: LabelIndex) {
  const images = instances.flatMap((record, i) => (labels.get(study, instanceKey(record), label) === 1 ? [i] : []));
  return images.length === 0 && labels.get(study, null, label) === 1 ? [0] : images;
}
