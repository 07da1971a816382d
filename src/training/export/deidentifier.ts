import type { DatasetManifest } from "../dataset/manifest.ts";

/** How often what was done to which attribute, such as `(0010,0010) PatientName Z`. */
export type ActionCounts = Record<string, number>;

export type Deidentified = { bytes: Uint8Array; actions: ActionCounts } | { excluded: string };

/** Takes names and numbers of people out of objects, and gives them others: the same for the same. */
export interface Deidentifier {
  readonly description: NonNullable<DatasetManifest["deidentification"]>;
  /** What a UID is called in the data set. */
  uid(original: string): string;
  /** A Part 10 file; `excluded` says why it cannot be part of a data set without names. */
  deidentify(bytes: Uint8Array): Deidentified;
}
