import { type Kysely, sql } from "kysely";
import { STUDY_CHANNEL } from "./study-channel.ts";

/** Who reads a study, who has read it, and what they said: each answer with the result that it is an answer to. */
export async function addReading(db: Kysely<unknown>): Promise<void> {
  await extendFeedback(db);
  await orderByReading(db);
  await createReadings(db);
}

async function extendFeedback(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table feedback
      add column reader text,
      add column withdrawn_at timestamptz(3),
      add column series_instance_uid text,
      add column result_id integer references results,
      add column present boolean not null default true,
      add column agrees boolean not null default true,
      add column flag text not null default 'pending',
      add column probability double precision`.execute(db);
  // Until now the comment "withdrawn" took back what had been said of the same finding.
  await sql`
    update feedback f set withdrawn_at = (
      select min(w.at) from feedback w
      where w.comment = 'withdrawn' and w.id > f.id and w.study_instance_uid = f.study_instance_uid
        and w.finding_id is not distinct from f.finding_id)`.execute(db);
  await sql`delete from feedback where comment = 'withdrawn'`.execute(db);
  await sql`
    update feedback f set result_id = (
      select r.id from results r
      where r.study_instance_uid = f.study_instance_uid and r.created_at <= f.at
      order by r.created_at desc limit 1)`.execute(db);
  await sql`
    update feedback set
      flag = said.flag,
      probability = said.probability,
      series_instance_uid = said.series_instance_uid,
      present = said.answer,
      agrees = said.answer = said.present
    from (
      select *, case decision when 'accept' then present when 'reject' then false else true end as answer
      from (
        select f.id, f.decision, r.flag,
          (r.result->'probabilities'->>f.label)::double precision as probability,
          (select slice->>'seriesInstanceUid' from jsonb_array_elements(r.result->'slices') slice
           where slice->>'sopInstanceUid' = f.sop_instance_uid limit 1) as series_instance_uid,
          exists (select from jsonb_array_elements(r.result->'findings') finding
           where finding->>'label' = f.label and finding->>'presence' <> 'absent') as present
        from feedback f join results r on r.id = f.result_id) result) said
    where said.id = feedback.id`.execute(db);
  await sql`update feedback set present = false, agrees = true where result_id is null and decision = 'reject'`.execute(
    db,
  );
  // Of two answers that contradict each other the later one stands.
  await sql`
    update feedback f set withdrawn_at = (
      select min(l.at) from feedback l
      where l.id > f.id and l.study_instance_uid = f.study_instance_uid and l.label = f.label and l.present <> f.present)
    where withdrawn_at is null`.execute(db);
  await sql`create index feedback_by_time on feedback ((greatest(at, withdrawn_at)), id)`.execute(db);
}

/** Studies that nobody has read come first: see WorklistGroup. */
async function orderByReading(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table studies
      drop column rank,
      add column read_decision text,
      add column read_by text,
      add column read_at timestamptz(3)`.execute(db);
  await sql`
    update studies s set (read_decision, read_by, read_at) = (
      select case when f.agrees then 'agreed' else 'disagreed' end, f.reader, f.at
      from feedback f join results r on r.id = f.result_id
      where f.result_id = s.result_id and f.at >= r.created_at and f.withdrawn_at is null
      order by (f.label = 'any') desc, f.id desc limit 1)
    where s.state <> 'failed'`.execute(db);
  await sql`
    alter table studies add column rank smallint not null generated always as (case
      when read_decision is not null then 7
      when flag = 'critical' then 0
      when flag = 'undetermined' then 1
      when state = 'failed' then 3
      when flag = 'not-analysed' then case when reason in ('no-ct', 'no-head', 'study-empty') then 6 else 2 end
      when flag = 'negative' then 5
      else 4 end) stored`.execute(db);
  await sql`create index studies_by_priority on studies (rank, received_at, study_instance_uid)`.execute(db);
  await sql`
    create index studies_flagged on studies (rank, received_at, study_instance_uid)
    where flag in ('critical', 'undetermined')`.execute(db);
  await sql`create index studies_by_patient on studies ((attributes->>'patientId'))`.execute(db);
  await sql`
    create or replace function notify_study() returns trigger language plpgsql as $$
    begin
      perform pg_notify(${sql.lit(STUDY_CHANNEL)}, json_build_object(
        'studyInstanceUid', new.study_instance_uid,
        'flagged', new.flag in ('critical', 'undetermined')
          and (tg_op = 'INSERT' or new.flagged_at is distinct from old.flagged_at)
      )::text);
      return null;
    end $$`.execute(db);
}

/** That somebody begins or ends is told of like a change of the study itself; that it goes on is no news. */
async function createReadings(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table readings (
      study_instance_uid text not null references studies,
      reader text not null,
      since timestamptz(3) not null default now(),
      until timestamptz(3) not null,
      primary key (study_instance_uid, reader)
    )`.execute(db);
  await sql`
    create function notify_reading() returns trigger language plpgsql as $$
    begin
      if tg_op = 'UPDATE' and new.since = old.since then return null; end if;
      perform pg_notify(${sql.lit(STUDY_CHANNEL)}, json_build_object(
        'studyInstanceUid', coalesce(new.study_instance_uid, old.study_instance_uid), 'flagged', false)::text);
      return null;
    end $$`.execute(db);
  await sql`
    create trigger notify_reading after insert or update or delete on readings
    for each row execute function notify_reading()`.execute(db);
}
