import { LABELS, type Label } from "../../contract/labels.ts";
import type { LabelRow, LabelValue } from "./label-row.ts";

/** Two sources that differ about one label of an image or a study. */
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
  readonly conflicts: LabelConflict[] = [];
  readonly #known = new Map<string, number>();
  readonly #disputed = new Map<string, LabelConflict>();

  /** @param sop null for the labels of the whole study */
  get(study: string, sop: string | null, label: Label): LabelValue {
    return labelValue(this.#known.get(keyOf(study, sop)) ?? 0, label);
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

  add({ study, sop, labels, source, reader }: LabelRow): void {
    const key = keyOf(study, sop);
    let bits = this.#known.get(key) ?? 0;
    LABELS.forEach((label, i) => {
      const value = labels[label];
      if (value === null) return;
      const held = (bits >> (2 * i)) & 3;
      const disputed = this.#disputed.get(`${key}\n${label}`);
      if (disputed !== undefined) disputed.sources.push({ source, reader, value });
      else if (held === 0) bits |= (2 | value) << (2 * i);
      else if ((held & 1) !== value) {
        bits &= ~(3 << (2 * i));
        this.#dispute({ study, sop, label, sources: [{ source, reader, value }] }, key);
      }
    });
    this.#known.set(key, bits);
  }

  #dispute(conflict: LabelConflict, key: string): void {
    this.conflicts.push(conflict);
    this.#disputed.set(`${key}\n${conflict.label}`, conflict);
  }
}

function labelValue(bits: number, label: Label): LabelValue {
  const two = bits >> (2 * LABELS.indexOf(label));
  return (two & 2) === 0 ? null : (two & 1) === 1 ? 1 : 0;
}

/** SOP Instance UIDs are unique on their own, and some sources know nothing else. */
function keyOf(study: string, sop: string | null): string {
  return sop ?? `study ${study}`;
}

export async function resolveLabels(rows: AsyncIterable<LabelRow>): Promise<LabelIndex> {
  const index = new LabelIndex();
  for await (const row of rows) index.add(row);
  return index;
}
