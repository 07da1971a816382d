import type { ColumnType, Generated, JSONColumnType } from "kysely";
import type { Box } from "../contract/finding.ts";
import type { Label } from "../contract/labels.ts";
import type { StudyResult } from "../contract/result.ts";
import type { StudyAttributes } from "../contract/study-attributes.ts";
import type { Flag, NotAnalysedReason, StudyState } from "../contract/study-state.ts";

/** The tables as migrations.ts makes them. Timestamps have milliseconds, as JavaScript has. */
export interface Schema {
  studies: StudiesTable;
  results: ResultsTable;
  heat_maps: HeatMapsTable;
  deliveries: DeliveriesTable;
  study_events: StudyEventsTable;
  feedback: FeedbackTable;
  cursors: CursorsTable;
}

type Json<T> = ColumnType<T, string, string>;
type NullableJson<T> = ColumnType<T | null, string | null, string | null>;
type CreatedAt = ColumnType<Date, never, Date>;

interface StudiesTable {
  study_instance_uid: string;
  /** Which of the configured PACS announced it; null when the announcement did not say. */
  pacs: string | null;
  state: StudyState;
  flag: Generated<Flag>;
  /** Place in the work list, made of the flag: 0 = critical. */
  rank: ColumnType<number, never, never>;
  reason: NotAnalysedReason | null;
  /** What was not seen, in few words each. */
  not_seen: ColumnType<string[], string | undefined, string>;
  error_code: string | null;
  error_message: string | null;
  attributes: NullableJson<StudyAttributes>;
  /** Folded text of the searchable attributes. */
  search: Generated<string>;
  probability: number | null;
  threshold: number | null;
  /** The present ones. */
  findings: ColumnType<{ label: Label; probability: number }[], string | undefined, string>;
  progress_done: number | null;
  progress_total: number | null;
  /** Images that did not come from us. */
  images: number | null;
  /** All instances the PACS counted last, and since when it has been so many. */
  instances: number | null;
  instances_changed_at: Date | null;
  /** The PACS itself holds the study for complete. */
  said_stable: Generated<boolean>;
  /** How often there was news, and how much of it has been dealt with: more news than handled means work. */
  news: Generated<number>;
  handled: Generated<number>;
  /** Score again even when nothing has changed. */
  forced: Generated<boolean>;
  /** Of dealing with the present news. */
  attempts: Generated<number>;
  /** SHA-256 over the SOP Instance UIDs that the current result was made of. */
  fingerprint: string | null;
  result_id: number | null;
  received_at: CreatedAt;
  flagged_at: Date | null;
}

interface ResultsTable {
  id: Generated<number>;
  study_instance_uid: string;
  content_hash: string;
  model_name: string;
  model_version: string;
  flag: Flag;
  result: JSONColumnType<StudyResult, string, string>;
  created_at: CreatedAt;
}

interface HeatMapsTable {
  result_id: number;
  grid_width: number;
  grid_height: number;
  slices: Json<{ sopInstanceUid: string; area: Box }[]>;
  /** slices x labels x grid_height x grid_width */
  cells: Uint8Array;
}

interface DeliveriesTable {
  result_id: number;
  study_instance_uid: string;
  kind: "sr";
  state: Generated<"pending" | "delivered" | "failed">;
  sop_instance_uid: string;
  series_instance_uid: string;
  sop_class_uid: string;
  /** The Part 10 file. */
  content: Uint8Array;
  attempts: Generated<number>;
  error_code: string | null;
  error_message: string | null;
  delivered_at: Date | null;
}

interface StudyEventsTable {
  id: Generated<number>;
  study_instance_uid: string;
  at: CreatedAt;
  type: string;
  detail: string;
}

interface FeedbackTable {
  id: Generated<number>;
  study_instance_uid: string;
  at: CreatedAt;
  finding_id: string | null;
  decision: "accept" | "reject" | "add";
  label: Label;
  sop_instance_uid: string | null;
  comment: string | null;
}

interface CursorsTable {
  name: string;
  position: string;
}
