/** PostgreSQL's NOTIFY channel on which every process hears of changed studies. */
export const STUDY_CHANNEL = "vigil_study";
