import type { ColumnType, Generated, Kysely } from "kysely";
import type { DeliveryKind, DeliveryState } from "../contract/delivery.ts";
import type { Feedback } from "../contract/feedback.ts";
import type { Label } from "../contract/labels.ts";
import type { Read } from "../contract/reading.ts";
import type { Flag, NotAnalysedReason, StudyState } from "../contract/study-state.ts";

/** The database, or a transaction in it. */
export type Db = Kysely<Schema>;

/**
 * The tables as migrations.ts makes them, with our names: `study_instance_uid` is `studyInstanceUid` here, and has its
 * own name in raw SQL only. Timestamps have milliseconds, as JavaScript has.
 */
export interface Schema {
  studies: StudiesTable;
  results: ResultsTable;
  heatMaps: HeatMapsTable;
  deliveries: DeliveriesTable;
  studyEvents: StudyEventsTable;
  feedback: FeedbackTable;
  readings: ReadingsTable;
  cursors: CursorsTable;
}

/** Unknown until it has been parsed: a row may be older than the shape. */
type Json = ColumnType<unknown, string, string>;
type OptionalJson = ColumnType<unknown, string | undefined, string>;
type CreatedAt = ColumnType<Date, never, Date>;

interface StudiesTable {
  studyInstanceUid: string;
  /** Which of the configured PACS announced it; null when the announcement did not say. */
  pacs: string | null;
  state: StudyState;
  flag: Generated<Flag>;
  /** Place in the work list: 0 = critical and unread; see worklist.ts. */
  rank: ColumnType<number, never, never>;
  reason: NotAnalysedReason | null;
  /** What was not seen, in few words each. */
  notSeen: OptionalJson;
  errorCode: string | null;
  errorMessage: string | null;
  /** StudyAttributes; null until the PACS has been asked. */
  attributes: OptionalJson;
  /** Folded text of the searchable attributes. */
  search: Generated<string>;
  probability: number | null;
  threshold: number | null;
  /** Label and probability of the present ones. */
  findings: OptionalJson;
  progressDone: number | null;
  progressTotal: number | null;
  /** Images that did not come from us. */
  images: number | null;
  /** All instances the PACS counted last, and since when it has been so many. */
  instances: number | null;
  instancesChangedAt: Date | null;
  /** The PACS itself holds the study for complete. */
  saidStable: Generated<boolean>;
  /** How often there was news, and how much of it has been dealt with: more news than handled means work. */
  news: Generated<number>;
  handled: Generated<number>;
  /** Score again even when nothing has changed. */
  forced: Generated<boolean>;
  /** Of dealing with the present news. */
  attempts: Generated<number>;
  /** SHA-256 over the SOP Instance UIDs that the current result was made of. */
  fingerprint: string | null;
  resultId: number | null;
  receivedAt: CreatedAt;
  flaggedAt: Date | null;
  /** The answer to the present result that decides; all null when there is none. */
  readDecision: Read["decision"] | null;
  readBy: string | null;
  readAt: Date | null;
}

interface ResultsTable {
  id: Generated<number>;
  studyInstanceUid: string;
  contentHash: string;
  modelName: string;
  modelVersion: string;
  flag: Flag;
  /** StudyResult, as parseStoredResult reads it. */
  result: Json;
  createdAt: CreatedAt;
}

interface HeatMapsTable {
  resultId: number;
  gridWidth: number;
  gridHeight: number;
  /** The slices of a HeatMap without their cells. */
  slices: Json;
  /** slices x labels x gridHeight x gridWidth */
  cells: Uint8Array;
}

interface DeliveriesTable {
  resultId: number;
  studyInstanceUid: string;
  kind: DeliveryKind;
  state: Generated<DeliveryState>;
  sopInstanceUid: string;
  seriesInstanceUid: string;
  sopClassUid: string;
  /** The Part 10 file. */
  content: Uint8Array;
  attempts: Generated<number>;
  errorCode: string | null;
  errorMessage: string | null;
  deliveredAt: Date | null;
}

interface StudyEventsTable {
  id: Generated<number>;
  studyInstanceUid: string;
  at: CreatedAt;
  type: string;
  detail: string;
}

interface FeedbackTable {
  id: Generated<number>;
  studyInstanceUid: string;
  at: CreatedAt;
  findingId: string | null;
  decision: Feedback["decision"];
  label: Label;
  seriesInstanceUid: string | null;
  sopInstanceUid: string | null;
  comment: string | null;
  reader: string | null;
  withdrawnAt: Date | null;
  /** The result that it is an answer to; null where there was none. */
  resultId: number | null;
  /** What the reader says: whether the label is there. */
  present: boolean;
  /** Whether Vigil had said the same. */
  agrees: boolean;
  /** What Vigil had said: of the study, and the study probability of the label. */
  flag: Flag;
  probability: number | null;
}

/** Who has a study open. */
interface ReadingsTable {
  studyInstanceUid: string;
  reader: string;
  since: CreatedAt;
  /** Counts no more from then on, unless it is repeated. */
  until: Date;
}

interface CursorsTable {
  name: string;
  position: string;
}
