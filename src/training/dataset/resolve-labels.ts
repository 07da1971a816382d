import { LABELS, type Label } from "../../contract/labels.ts";
import type { LabelRow, LabelValue } from "./label-row.ts";

/** Sources that differ about one label of an image or a study: those from the first one on that contradicted. */
export interface LabelConflict {
  study: string;
  sop: string | null;
  label: Label;
  sources: { source: string; reader: string; value: 0 | 1 }[];
}

/**
 * The labels of many images in little memory: two bits a label. A label about which sources differ is unknown here, and
 * listed among the conflicts: nothing is resolved silently.
 */
export class LabelIndex {
  readonly #conflicts: LabelConflict[] = [];
  readonly #known = new Map<string, number>();
  readonly #disputed = new Map<string, LabelConflict>();
  /** By study: a bit for each label that one of its images has. */
  readonly #seenInImages = new Map<string, number>();

  /** Also of studies that somebody calls free of what somebody sees in one of their images (`sources` is empty). */
  get conflicts(): LabelConflict[] {
    const studies = [...this.#seenInImages.keys()].flatMap((study) =>
      LABELS.filter((label) => this.#isDeniedAndSeen(study, label)).map((label) => ({ study, label })),
    );
    return [...this.#conflicts, ...studies.map((about) => ({ ...about, sop: null, sources: [] }))];
  }

  /** @param sop null for the labels of the whole study */
  get(study: string, sop: string | null, label: Label): LabelValue {
    if (sop === null && this.#isDeniedAndSeen(study, label)) return null;
    return this.#held(keyOf(study, sop), label);
  }

  #held(key: string, label: Label): LabelValue {
    return labelValue(this.#known.get(key) ?? 0, label);
  }

  #isDeniedAndSeen(study: string, label: Label): boolean {
    const seen = ((this.#seenInImages.get(study) ?? 0) >> LABELS.indexOf(label)) & 1;
    return seen === 1 && this.#held(keyOf(study, null), label) === 0;
  }

  /** Whether anybody said anything of this image (or study). */
  has(study: string, sop: string | null): boolean {
    return this.#known.has(keyOf(study, sop));
  }

  get size(): number {
    return this.#known.size;
  }

  /** Every image and study that anybody said something of, by its label. */
  *values(): Generator<(label: Label) => LabelValue> {
    for (const bits of this.#known.values()) yield (label) => labelValue(bits, label);
  }

  /** The images of which anybody said anything, by `instanceKey`. */
  *images(): Generator<string> {
    for (const key of this.#known.keys()) if (!key.startsWith(WHOLE_STUDY)) yield key;
  }

  add(row: LabelRow): void {
    const key = keyOf(row.study, row.sop);
    if (!this.#known.has(key)) this.#known.set(key, 0);
    for (const label of LABELS) {
      const value = row.labels[label];
      if (value !== null) this.say(row, label, value);
    }
  }

  /** One value alone. */
  say({ study, sop, source, reader }: Omit<LabelRow, "labels" | "at">, label: Label, value: 0 | 1): void {
    const key = keyOf(study, sop);
    const at = 2 * LABELS.indexOf(label);
    if (value === 1 && sop !== null && study !== "")
      this.#seenInImages.set(study, (this.#seenInImages.get(study) ?? 0) | (1 << LABELS.indexOf(label)));
    const bits = this.#known.get(key) ?? 0;
    const held = (bits >> at) & 3;
    const disputed = held === 0 ? this.#disputed.get(`${key}\n${label}`) : undefined;
    if (disputed !== undefined) disputed.sources.push({ source, reader, value });
    else if (held === 0) this.#known.set(key, bits | ((2 | value) << at));
    else if ((held & 1) !== value) {
      this.#known.set(key, bits & ~(3 << at));
      this.#dispute({ study, sop, label, sources: [{ source, reader, value }] }, key);
    }
  }

  #dispute(conflict: LabelConflict, key: string): void {
    this.#conflicts.push(conflict);
    this.#disputed.set(`${key}\n${conflict.label}`, conflict);
  }
}

function labelValue(bits: number, label: Label): LabelValue {
  const two = bits >> (2 * LABELS.indexOf(label));
  return (two & 2) === 0 ? null : (two & 1) === 1 ? 1 : 0;
}

const WHOLE_STUDY = "study ";

/** SOP Instance UIDs are unique on their own, and some sources know nothing else. */
function keyOf(study: string, sop: string | null): string {
  return sop ?? WHOLE_STUDY + study;
}

export async function resolveLabels(rows: AsyncIterable<LabelRow>): Promise<LabelIndex> {
  const index = new LabelIndex();
  for await (const row of rows) index.add(row);
  return index;
}
