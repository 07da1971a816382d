import { LABELS, type PerLabel, perLabel } from "../../contract/labels.ts";
import { type InstanceRecord, instanceKey } from "../dataset/instance-record.ts";
import type { LabelIndex } from "../dataset/resolve-labels.ts";
import type { SplitRow } from "../dataset/split-row.ts";

export interface FoldSummary {
  fold: number;
  patients: number;
  studies: number;
  slices: number;
  positives: PerLabel<number>;
}

/** What each fold of a split by patients holds. */
export class SplitSurvey {
  readonly #labels: LabelIndex;
  readonly #foldOf = new Map<string, number>();
  readonly #folds = new Map<number, FoldSummary & { ids: Set<string> }>();

  constructor(labels: LabelIndex) {
    this.#labels = labels;
  }

  addRow({ study, sop, fold }: SplitRow): void {
    this.#foldOf.set(sop ?? study, fold);
  }

  addStudy(patient: string, study: string, images: InstanceRecord[]): void {
    const studiesFolds = new Set<number>();
    for (const image of images) {
      const key = instanceKey(image);
      const fold = this.#foldOf.get(key) ?? this.#foldOf.get(study);
      if (fold === undefined) continue;
      const summary = this.#summaryOf(fold);
      studiesFolds.add(fold);
      summary.slices++;
      for (const label of LABELS) summary.positives[label] += this.#labels.get(study, key, label) ?? 0;
    }
    for (const fold of studiesFolds) {
      const summary = this.#summaryOf(fold);
      summary.studies++;
      summary.ids.add(patient);
    }
  }

  summary(): FoldSummary[] {
    return [...this.#folds.values()]
      .map(({ ids, ...summary }) => ({ ...summary, patients: ids.size }))
      .sort((a, b) => a.fold - b.fold);
  }

  #summaryOf(fold: number) {
    const empty = { fold, patients: 0, studies: 0, slices: 0, positives: perLabel(() => 0), ids: new Set<string>() };
    const summary = this.#folds.get(fold) ?? empty;
    this.#folds.set(fold, summary);
    return summary;
  }
}
