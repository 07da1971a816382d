import { LABELS, type Label, type PerLabel, perLabel } from "../../contract/labels.ts";
import { type InstanceRecord, instanceKey } from "../dataset/instance-record.ts";
import type { LabelValue } from "../dataset/label-row.ts";
import type { LabelIndex } from "../dataset/resolve-labels.ts";

export const SUBTYPES = LABELS.filter((label) => label !== "any");

type LabelOf = (label: Label) => LabelValue;

/** How often a label is positive, of those of which it is known. */
export interface LabelCount {
  positive: number;
  known: number;
  /** positive / known; 0 where nothing is known */
  share: number;
}

export interface LabelSummary {
  slices: PerLabel<LabelCount>;
  studies: PerLabel<LabelCount>;
  patients: PerLabel<LabelCount>;
  unlabelledSlices: number;
  /** Labels of images that are not in the data set. */
  labelsWithoutImage: number;
  /** Slices by how many subtypes they carry, from 0. */
  subtypesPerSlice: number[];
  /** Slices positive for both, by label and label; the diagonal is a label's own count. */
  coOccurrence: PerLabel<PerLabel<number>>;
  /** Phi coefficients between labels; null where one never varies. */
  correlation: PerLabel<PerLabel<number | null>>;
}

/** Adds labels up, study by study; the studies of a patient come together. */
export class LabelSurvey {
  readonly #labels: LabelIndex;
  readonly #slices = new Counts();
  readonly #studies = new Counts();
  readonly #patients = new Counts();
  readonly #subtypes = new Array<number>(SUBTYPES.length + 1).fill(0);
  readonly #both = perLabel(() => perLabel(() => 0));
  readonly #bothKnown = perLabel(() => perLabel(() => ({ n: 0, a: 0, b: 0 })));
  #unlabelled = 0;
  #matched = 0;
  #patient: { id: string; values: PerLabel<LabelValue> } | undefined;

  constructor(labels: LabelIndex) {
    this.#labels = labels;
  }

  /** @returns the labels of each image, and of the study: positive where any image is, or where a source says so of the whole */
  addStudy(patient: string, study: string, images: InstanceRecord[]): void {
    const whole = perLabel((label) => this.#labels.get(study, null, label));
    if (this.#labels.has(study, null)) this.#matched++;
    for (const image of images) {
      const key = instanceKey(image);
      if (!this.#labels.has(study, key)) {
        this.#unlabelled++;
        continue;
      }
      this.#matched++;
      const labelOf: LabelOf = (label) => this.#labels.get(study, key, label);
      this.#addSlice(labelOf);
      for (const label of LABELS) whole[label] = either(whole[label], labelOf(label));
    }
    this.#studies.add((label) => whole[label]);
    if (this.#patient?.id !== patient) this.#endPatient(patient);
    const { values } = this.#patient!;
    for (const label of LABELS) values[label] = either(values[label], whole[label]);
  }

  summary(): LabelSummary {
    // A label file on its own, before its images are there, is worth looking at too.
    if (this.#studies.isEmpty) for (const labelOf of this.#labels.values()) this.#addSlice(labelOf);
    this.#endPatient(undefined);
    return {
      slices: this.#slices.summary(),
      studies: this.#studies.summary(),
      patients: this.#patients.summary(),
      unlabelledSlices: this.#unlabelled,
      labelsWithoutImage: this.#labels.size - this.#matched,
      subtypesPerSlice: this.#subtypes,
      coOccurrence: this.#both,
      correlation: perLabel((a) => perLabel((b) => this.#phi(a, b))),
    };
  }

  #addSlice(labelOf: LabelOf): void {
    this.#slices.add(labelOf);
    if (LABELS.every((label) => labelOf(label) !== null)) {
      const carried = SUBTYPES.filter((label) => labelOf(label) === 1).length;
      this.#subtypes[carried] = this.#subtypes[carried]! + 1;
    }
    for (const a of LABELS) {
      for (const b of LABELS) {
        const [first, second] = [labelOf(a), labelOf(b)];
        if (first === null || second === null) continue;
        const known = this.#bothKnown[a][b];
        known.n++;
        known.a += first;
        known.b += second;
        this.#both[a][b] += first & second;
      }
    }
  }

  /** Pearson's correlation of two yes-or-no values. */
  #phi(a: Label, b: Label): number | null {
    const { n, a: ofA, b: ofB } = this.#bothKnown[a][b];
    const spread = Math.sqrt(ofA * (n - ofA) * ofB * (n - ofB));
    return spread === 0 ? null : (n * this.#both[a][b] - ofA * ofB) / spread;
  }

  #endPatient(next: string | undefined): void {
    const last = this.#patient;
    if (last !== undefined) this.#patients.add((label) => last.values[label]);
    this.#patient = next === undefined ? undefined : { id: next, values: perLabel(() => null) };
  }
}

function either(a: LabelValue, b: LabelValue): LabelValue {
  return a === 1 || b === 1 ? 1 : (a ?? b);
}

class Counts {
  readonly #counts = perLabel(() => ({ positive: 0, known: 0 }));
  isEmpty = true;

  add(labelOf: LabelOf): void {
    this.isEmpty = false;
    for (const label of LABELS) {
      const value = labelOf(label);
      if (value === null) continue;
      this.#counts[label].known++;
      this.#counts[label].positive += value;
    }
  }

  summary(): PerLabel<LabelCount> {
    return perLabel((label) => {
      const { positive, known } = this.#counts[label];
      return { positive, known, share: known === 0 ? 0 : positive / known };
    });
  }
}
