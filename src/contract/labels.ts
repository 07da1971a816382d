/** The six labels of the RSNA Intracranial Hemorrhage Detection data set, in the order in which every model reports them. */
export const LABELS = ["epidural", "intraparenchymal", "intraventricular", "subarachnoid", "subdural", "any"] as const;

export type Label = (typeof LABELS)[number];

/** One value per label. */
export type PerLabel<T> = Record<Label, T>;

export function perLabel<T>(value: (label: Label, index: number) => T): PerLabel<T> {
  return Object.fromEntries(LABELS.map((label, index) => [label, value(label, index)])) as PerLabel<T>;
}
