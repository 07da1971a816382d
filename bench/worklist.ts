import { sql } from "kysely";
import { worklistQuerySchema } from "../src/contract/worklist.ts";
import type { Db } from "../src/store/schema.ts";
import { countGroups } from "../src/store/worklist.ts";
import { worklistPage } from "../src/triage/worklist.ts";
import { databaseKinds } from "../tests/support/database.ts";
import type { Benchmark } from "./benchmark.ts";
import { printTable } from "./table.ts";

const STUDIES = 100_000;
const RUNS = 40;

/** What a list asks for, and which page of it. */
const QUERIES: { what: string; query: object; page: number }[] = [
  { what: "the list", query: {}, page: 0 },
  { what: "the list, 200 pages on", query: {}, page: 200 },
  { what: "flagged ones", query: { flagged: "true" }, page: 0 },
  { what: "flagged ones, 20 pages on", query: { flagged: "true" }, page: 20 },
  { what: "no bleed found", query: { group: "negative" }, page: 0 },
  { what: "read ones", query: { group: "read" }, page: 0 },
  { what: "newest first", query: { sort: "-received" }, page: 0 },
  { what: "state failed", query: { state: "failed" }, page: 0 },
  { what: "one patient, by name", query: { q: "name77777 anna" }, page: 0 },
  { what: "a name nobody has", query: { q: "nobody" }, page: 0 },
];

/** The work list of a large PACS. */
export const worklist: Benchmark = {
  about: `pages of a work list of ${STUDIES.toLocaleString("en")} studies, on PGlite and PostgreSQL`,
  async run() {
    const figures = [];
    for (const kind of databaseKinds()) {
      const database = await kind.openNew();
      try {
        await makeStudies(database.db);
        for (const { what, query, page } of QUERIES) {
          const cursor = await cursorOf(database.db, query, page);
          figures.push({ what, database: kind.name, ...(await timed(() => pageOf(database.db, query, cursor))) });
        }
        figures.push({ what: "counts", database: kind.name, ...(await timed(() => countGroups(database.db))) });
      } finally {
        await database.close();
        await kind.close();
      }
    }
    printTable(figures);
    return figures;
  },
};

function pageOf(db: Db, query: object, cursor: string | undefined) {
  return worklistPage(db, worklistQuerySchema.parse({ ...query, ...(cursor !== undefined && { cursor }) }));
}

async function cursorOf(db: Db, query: object, page: number): Promise<string | undefined> {
  let cursor: string | undefined;
  for (let i = 0; i < page; i++) cursor = (await pageOf(db, query, cursor)).nextCursor ?? undefined;
  return cursor;
}

async function timed(action: () => Promise<unknown>): Promise<{ medianMs: string; p95Ms: string }> {
  await action();
  const times: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const begin = performance.now();
    await action();
    times.push(performance.now() - begin);
  }
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.ceil(share * RUNS) - 1]!.toFixed(1);
  return { medianMs: at(0.5), p95Ms: at(0.95) };
}

/** One in ten is flagged, four in five of those have been read; a few have failed or wait. */
async function makeStudies(db: Db): Promise<void> {
  await sql`alter table studies disable trigger notify_study`.execute(db);
  await sql`
    insert into studies (study_instance_uid, pacs, state, flag, reason, attributes, search, probability, threshold,
      images, instances, received_at, flagged_at, read_decision, read_by, read_at)
    select '1.2.826.' || n, 'pacs',
      case when n % 100 = 1 then 'failed' when n % 1000 = 2 then 'waiting' else 'reported' end,
      case when n % 1000 = 2 then 'pending' when n % 10 = 0 then 'critical' when n % 10 = 5 then 'undetermined'
        when n % 10 = 7 then 'not-analysed' else 'negative' end,
      case when n % 10 = 7 then 'no-head' end,
      json_build_object('studyInstanceUid', '1.2.826.' || n, 'patientName', 'Name' || n || '^Anna', 'patientId', 'P' || n / 3,
        'issuerOfPatientId', '', 'patientBirthDate', '19500101', 'patientSex', 'F', 'studyDate', '20260101',
        'studyTime', '101500', 'studyId', '1', 'accessionNumber', 'ACC' || n, 'referringPhysicianName', '',
        'studyDescription', 'CT Head w/o contrast', 'modalitiesInStudy', json_build_array('CT', 'SR')),
      'name' || n || ' anna p' || n / 3 || ' acc' || n || ' ct head w/o contrast',
      0.5, 0.635, 34, 35, now() - make_interval(mins => ${STUDIES} - n), now(),
      case when n % 5 = 0 and n % 25 > 0 then 'agreed' end, 'Dr Ada', now()
    from generate_series(1, ${STUDIES}) n`.execute(db);
  await sql`alter table studies enable trigger notify_study`.execute(db);
  await sql`analyze`.execute(db);
}
