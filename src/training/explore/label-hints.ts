import { LABELS } from "../../contract/labels.ts";
import { type InstanceRecord, instanceKey } from "../dataset/instance-record.ts";
import type { LabelValue } from "../dataset/label-row.ts";
import type { LabelIndex } from "../dataset/resolve-labels.ts";
import { SUBTYPES } from "./label-survey.ts";
import type { OddityList } from "./oddities.ts";

/** Enough of a SHA-256 to tell millions of images apart. */
const HASH_CHARACTERS = 20;

/** Signs that labels are wrong: none is a proof, each is worth a look. */
export class LabelHints {
  readonly #labels: LabelIndex;
  readonly #oddities: OddityList;
  /** The first image with these pixels. */
  readonly #seen = new Map<string, { patient: string; labels: string }>();

  constructor(labels: LabelIndex, oddities: OddityList) {
    this.#labels = labels;
    this.#oddities = oddities;
    for (const { study, sop } of labels.conflicts) {
      oddities.add("label-conflict", "sources differ about a label; it counts as unknown", sop ?? study);
    }
  }

  addImages(images: InstanceRecord[]): void {
    for (const image of images) {
      this.#lookAtPixels(image);
      this.#lookAtUnion(image);
    }
    for (const members of Map.groupBy(images, ({ series }) => series).values()) this.#lookAtNeighbours(members);
  }

  #lookAtPixels(image: InstanceRecord): void {
    const hash = `${image.pixelHash.slice(0, HASH_CHARACTERS)}${image.frame ?? ""}`;
    const own = { patient: image.patient, labels: this.#text(image) };
    const first = this.#seen.get(hash);
    if (first === undefined) {
      this.#seen.set(hash, own);
      return;
    }
    const differs = first.labels !== "" && own.labels !== "" && first.labels !== own.labels;
    if (first.patient !== own.patient)
      this.#oddities.add("pixels-shared", "the same pixels under two patients", instanceKey(image));
    else this.#oddities.add("pixels-repeated", "the same pixels twice in one patient", instanceKey(image));
    if (differs) this.#oddities.add("pixels-contradict", "the same pixels with different labels", instanceKey(image));
  }

  #lookAtUnion(image: InstanceRecord): void {
    const any = this.#of(image, "any");
    const subtypes = SUBTYPES.map((label) => this.#of(image, label));
    const positive = subtypes.includes(1);
    if (any === 0 && positive) this.#oddities.add("any-too-low", "a subtype without `any`", instanceKey(image));
    if (any === 1 && subtypes.every((value) => value === 0))
      this.#oddities.add("any-alone", "`any` without a subtype", instanceKey(image));
  }

  /** Blood seldom fills one slice alone, and hardly ever spares one in its middle. */
  #lookAtNeighbours(series: InstanceRecord[]): void {
    const values = series.map((image) => this.#of(image, "any"));
    for (let i = 1; i < series.length - 1; i++) {
      const around = [values[i - 1], values[i + 1]];
      if (values[i] === 1 && around.every((value) => value === 0))
        this.#oddities.add("positive-alone", "one positive slice between two negative ones", instanceKey(series[i]!));
      if (values[i] === 0 && around.every((value) => value === 1))
        this.#oddities.add("negative-alone", "one negative slice between two positive ones", instanceKey(series[i]!));
    }
  }

  #of(image: InstanceRecord, label: (typeof LABELS)[number]): LabelValue {
    return this.#labels.get(image.study, instanceKey(image), label);
  }

  #text(image: InstanceRecord): string {
    return LABELS.map((label) => this.#of(image, label) ?? "").join("");
  }
}
