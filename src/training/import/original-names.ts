/** What a data set calls the things of the PACS: the same, or what its de-identification made of them. */
export interface OriginalNames {
  uid(original: string): string;
  /** A person who read; a de-identified data set names nobody. */
  reader(original: string): string;
  /** An ISO date, with or without a time: moved as the dates of the patient's images are. */
  at(original: string, patientId: string): string;
}

export const UNCHANGED: OriginalNames = {
  uid: (original) => original,
  reader: (original) => original,
  at: (original) => original,
};
