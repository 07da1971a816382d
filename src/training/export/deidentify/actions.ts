import dcmjs from "dcmjs";
import { z } from "zod";

/** What was done with a value; none of them says what it was. */
export const ACTIONS = ["removed", "emptied", "replaced", "mapped", "shifted", "cleaned", "kept", "added"] as const;
export type Action = (typeof ACTIONS)[number];

/** One attribute of one object, in a sequence or not. */
export interface AttributeAction {
  /** As `xggggeeee`. */
  tag: string;
  vr: string;
  action: Action;
}

/** How often what was done with which attribute, as an audit file lists it. */
export const attributeCountSchema = z.strictObject({
  tag: z.string(),
  name: z.string(),
  vr: z.string(),
  action: z.enum(ACTIONS),
  count: z.int(),
});
export type AttributeCount = z.infer<typeof attributeCountSchema>;

/** Adds up the actions of any number of objects. */
export class ActionCounts {
  readonly #counts = new Map<string, AttributeCount>();

  add(actions: readonly AttributeAction[]): void {
    for (const { tag, vr, action } of actions)
      this.#add({ tag: tagText(tag), name: nameOf(tag), vr, action, count: 1 });
  }

  /** What another one has listed. */
  addRows(rows: readonly AttributeCount[]): void {
    for (const row of rows) this.#add(row);
  }

  /** Sorted by tag. */
  rows(): AttributeCount[] {
    return [...this.#counts.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
  }

  #add(row: AttributeCount): void {
    const key = `${row.tag} ${row.action} ${row.vr}`;
    const known = this.#counts.get(key);
    if (known === undefined) this.#counts.set(key, { ...row });
    else known.count += row.count;
  }
}

/** (0010,0010); private elements by their place in a block, since blocks move. */
function tagText(tag: string): string {
  const isBlockElement = isPrivate(tag) && tag.slice(5, 7) >= "10";
  return `(${tag.slice(1, 5)},${isBlockElement ? `xx${tag.slice(7)}` : tag.slice(5)})`
    .toUpperCase()
    .replace("XX", "xx");
}

function nameOf(tag: string): string {
  if (isPrivate(tag)) return "Private";
  return dcmjs.data.DicomMetaDictionary.dictionary[`(${tag.slice(1, 5)},${tag.slice(5)})`.toUpperCase()]?.name ?? "";
}

/** Of a message: `(0010,0010) PatientName`. */
export function attributeText(tag: string): string {
  return `${tagText(tag)} ${nameOf(tag)}`.trim();
}

export function isPrivate(tag: string): boolean {
  return Number.parseInt(tag[4]!, 16) % 2 === 1;
}
