/** What a PACS has to say about a study. */
export interface StudyNews {
  /** How many instances the study has now, where the PACS told. */
  instances?: number;
  /** The PACS itself holds the study for complete. */
  stable: boolean;
}
