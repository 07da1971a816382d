import type { Label } from "../../contract/labels.ts";
import type { CtSlice } from "../../dicom/slice.ts";
import { toVigilError } from "../../errors.ts";
import { randomNumbers } from "../../random.ts";
import type { Dataset } from "../dataset/dataset.ts";
import { type InstanceRecord, instanceKey } from "../dataset/instance-record.ts";
import type { LabelIndex } from "../dataset/resolve-labels.ts";
import { SUBTYPES } from "./label-survey.ts";
import type { OddityList } from "./oddities.ts";
import { Sample, SpreadSample } from "./sample.ts";
import { GALLERY_WINDOWS, type Thumbnail, thumbnail } from "./thumbnail.ts";

/** A class of the gallery: an image without haemorrhage, or with this subtype. */
export type GalleryClass = "normal" | Label;

/** Nine images of a class. */
export interface Gallery {
  of: GalleryClass;
  /** One after another by image, in it by window (`GALLERY_WINDOWS`). */
  pictures: { key: string; shown: Thumbnail[] }[];
}

/** Of the head's soft tissue and what lies in it. */
export interface HuOfHead {
  fromHu: number;
  binWidthHu: number;
  counts: number[];
  slices: number;
}

const PICTURES = 9;
const FROM_HU = -40;
const BIN_HU = 2;
const BINS = 80;

/** Chooses the images whose pixels are looked at while all records pass by. */
export class PictureChoice {
  readonly #labels: LabelIndex;
  readonly #ofClass: Map<GalleryClass, SpreadSample<InstanceRecord>>;
  readonly #ofAll: Sample<InstanceRecord>;

  /** @param looked so many images, beside those of the gallery, have their pixels read */
  constructor(labels: LabelIndex, seed: number, looked: number) {
    this.#labels = labels;
    const random = randomNumbers(seed);
    const classes: GalleryClass[] = ["normal", ...SUBTYPES];
    this.#ofClass = new Map(classes.map((of) => [of, new SpreadSample(PICTURES, random)]));
    this.#ofAll = new Sample(looked, random);
  }

  add(record: InstanceRecord): void {
    if (record.problem !== null) return;
    this.#ofAll.add(record);
    const labelOf = (label: Label) => this.#labels.get(record.study, instanceKey(record), label);
    if (labelOf("any") === 0) this.#ofClass.get("normal")!.add(record.patient, record);
    for (const label of SUBTYPES) if (labelOf(label) === 1) this.#ofClass.get(label)!.add(record.patient, record);
  }

  /** Reads the pixels of the chosen. What cannot be read is listed among the oddities. */
  async read(dataset: Dataset, oddities: OddityList, onProgress: (done: number, total: number) => void) {
    const galleries: Gallery[] = [];
    const chosen = [...this.#ofClass].map(([of, sample]) => ({ of, records: sample.items() }));
    const total = chosen.reduce((sum, { records }) => sum + records.length, this.#ofAll.items.length);
    let done = 0;
    const read = async (record: InstanceRecord) => {
      onProgress(++done, total);
      return readOne(dataset, record, oddities);
    };
    for (const { of, records } of chosen) {
      const pictures: Gallery["pictures"] = [];
      for (const record of records) {
        const slice = await read(record);
        if (slice === undefined) continue;
        const shown = GALLERY_WINDOWS.map(({ window }) => thumbnail(slice, window));
        pictures.push({ key: instanceKey(record), shown });
      }
      galleries.push({ of, pictures });
    }
    const hu: HuOfHead = { fromHu: FROM_HU, binWidthHu: BIN_HU, counts: new Array<number>(BINS).fill(0), slices: 0 };
    for (const record of this.#ofAll.items) {
      const slice = await read(record);
      if (slice !== undefined) addHu(hu, slice);
    }
    return { galleries, huOfHead: hu };
  }
}

async function readOne(dataset: Dataset, record: InstanceRecord, oddities: OddityList): Promise<CtSlice | undefined> {
  try {
    const slices = await dataset.readPixels(record);
    return slices[(record.frame ?? 1) - 1];
  } catch (error) {
    const { code } = toVigilError(error);
    oddities.add("pixels-unreadable", `pixels of a sampled image cannot be read (${code})`, instanceKey(record));
    return undefined;
  }
}

/** Without the values at an image's own ends: air, and what a window cut off, would bury the rest. */
function addHu(into: HuOfHead, { hu }: CtSlice): void {
  into.slices++;
  let [lowest, highest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of hu) {
    if (value < lowest) lowest = value;
    if (value > highest) highest = value;
  }
  for (const value of hu) {
    const bin = Math.floor((value - FROM_HU) / BIN_HU);
    const isInside = value > lowest && value < highest;
    if (isInside && bin >= 0 && bin < BINS) into.counts[bin] = into.counts[bin]! + 1;
  }
}
