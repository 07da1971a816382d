import { type Kysely, sql } from "kysely";
import { type Migration, Migrator } from "kysely/migration";
import { VigilError } from "../errors.ts";
import { addReading } from "./reading-migration.ts";
import type { Db } from "./schema.ts";
import { STUDY_CHANNEL } from "./study-channel.ts";

/** In order of their names; one that has been released is never changed. */
export const MIGRATIONS: Record<string, Migration> = {
  "0001-studies": { up: createStudies },
  "0002-results": { up: createResults },
  "0003-study-notices": { up: createStudyNotices },
  "0004-not-seen": { up: addNotSeen },
  "0005-reading": { up: addReading },
};

/** Brings the database to the newest form. Safe with several processes at once: the migrator holds a lock. */
export async function migrate(db: Db): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => MIGRATIONS } });
  const { error, results } = await migrator.migrateToLatest();
  if (error === undefined) return;
  const failed = results?.find((result) => result.status === "Error")?.migrationName;
  throw new VigilError("database-unavailable", `the database could not be brought up to date: ${failed ?? error}`, {
    cause: error,
  });
}

async function createStudies(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table studies (
      study_instance_uid text primary key,
      pacs text,
      state text not null,
      flag text not null default 'pending',
      rank smallint not null generated always as
        (case flag when 'critical' then 0 when 'undetermined' then 1 when 'pending' then 2 else 3 end) stored,
      reason text,
      error_code text,
      error_message text,
      attributes jsonb,
      search text not null default '',
      probability double precision,
      threshold double precision,
      findings jsonb not null default '[]',
      progress_done integer,
      progress_total integer,
      images integer,
      instances integer,
      instances_changed_at timestamptz(3),
      said_stable boolean not null default false,
      news integer not null default 0,
      handled integer not null default 0,
      forced boolean not null default false,
      attempts integer not null default 0,
      fingerprint text,
      result_id integer,
      received_at timestamptz(3) not null default now(),
      flagged_at timestamptz(3)
    )`.execute(db);
  await sql`create index studies_by_priority on studies (rank, received_at, study_instance_uid)`.execute(db);
  await sql`create index studies_by_arrival on studies (received_at, study_instance_uid)`.execute(db);
  await sql`create index studies_to_do on studies (study_instance_uid) where news > handled`.execute(db);
  await sql`
    create table study_events (
      id integer generated always as identity primary key,
      study_instance_uid text not null references studies,
      at timestamptz(3) not null default clock_timestamp(),
      type text not null,
      detail text not null
    )`.execute(db);
  await sql`create index study_events_by_study on study_events (study_instance_uid, id)`.execute(db);
  await sql`create table cursors (name text primary key, position text not null)`.execute(db);
}

async function createResults(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table results (
      id integer generated always as identity primary key,
      study_instance_uid text not null references studies,
      content_hash text not null,
      model_name text not null,
      model_version text not null,
      flag text not null,
      result jsonb not null,
      created_at timestamptz(3) not null default now(),
      unique (study_instance_uid, content_hash, model_name, model_version)
    )`.execute(db);
  await sql`alter table studies add foreign key (result_id) references results`.execute(db);
  await sql`
    create table heat_maps (
      result_id integer primary key references results,
      grid_width integer not null,
      grid_height integer not null,
      slices jsonb not null,
      cells bytea not null
    )`.execute(db);
  await sql`
    create table deliveries (
      result_id integer not null references results,
      kind text not null,
      study_instance_uid text not null references studies,
      state text not null default 'pending',
      sop_instance_uid text not null,
      series_instance_uid text not null,
      sop_class_uid text not null,
      content bytea not null,
      attempts integer not null default 0,
      error_code text,
      error_message text,
      delivered_at timestamptz(3),
      primary key (result_id, kind)
    )`.execute(db);
  await sql`create index deliveries_by_study on deliveries (study_instance_uid)`.execute(db);
  await sql`create index deliveries_to_do on deliveries (study_instance_uid) where state = 'pending'`.execute(db);
  await sql`
    create table feedback (
      id integer generated always as identity primary key,
      study_instance_uid text not null references studies,
      at timestamptz(3) not null default now(),
      finding_id text,
      decision text not null,
      label text not null,
      sop_instance_uid text,
      comment text
    )`.execute(db);
  await sql`create index feedback_by_study on feedback (study_instance_uid, id)`.execute(db);
}

/** Tells every process of a changed study: in the database itself, so that no change can go by without a notice. */
async function createStudyNotices(db: Kysely<unknown>): Promise<void> {
  await sql`
    create function notify_study() returns trigger language plpgsql as $$
    begin
      perform pg_notify(${sql.lit(STUDY_CHANNEL)}, json_build_object(
        'studyInstanceUid', new.study_instance_uid,
        'flagged', new.rank < 2 and (tg_op = 'INSERT' or new.flagged_at is distinct from old.flagged_at)
      )::text);
      return null;
    end $$`.execute(db);
  await sql`
    create trigger notify_study after insert or update on studies for each row execute function notify_study()`.execute(
    db,
  );
}

async function addNotSeen(db: Kysely<unknown>): Promise<void> {
  await sql`alter table studies add column not_seen jsonb not null default '[]'`.execute(db);
}
