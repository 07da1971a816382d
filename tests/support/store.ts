import { after, before, beforeEach, describe } from "node:test";
import type { ReportFile } from "../../src/contract/delivery.ts";
import type { Database } from "../../src/store/database.ts";
import { saveResult } from "../../src/store/results.ts";
import type { Db } from "../../src/store/schema.ts";
import { identifyStudy, recordNews, showResult } from "../../src/store/studies.ts";
import { settleNews } from "../../src/store/work.ts";
import { databaseKinds } from "./database.ts";
import { type ScoredStudyParts, scoredStudy } from "./scored-study.ts";

/** Describes the same behaviour on each kind of database; each test begins with empty tables. */
export function onEachDatabase(title: string, tests: (store: { readonly db: Db }) => void): void {
  for (const kind of databaseKinds()) {
    describe(`${title} on ${kind.name}`, () => {
      let database: Database;
      before(async () => {
        database = await kind.openNew();
      });
      beforeEach(() => clear(database.db));
      after(async () => {
        await database.close();
        await kind.close();
      });
      tests({
        get db() {
          return database.db;
        },
      });
    });
  }
}

/** Empties all tables of the workflow. */
async function clear(db: Db): Promise<void> {
  await db.updateTable("studies").set({ resultId: null }).execute();
  for (const table of [
    "heatMaps",
    "deliveries",
    "feedback",
    "results",
    "studyEvents",
    "readings",
    "studies",
  ] as const) {
    await db.deleteFrom(table).execute();
  }
}

/** Writes a study that has been scored. */
export async function saveScored(db: Db, parts: ScoredStudyParts, receivedAt?: Date) {
  const { result, contentHash, attributes } = scoredStudy(parts);
  const uid = result.studyInstanceUid;
  await recordNews(db, uid, { stable: true }, "north");
  await identifyStudy(db, "north", attributes, 30);
  const id = await saveResult(db, { contentHash, model: result.model!, result });
  await showResult(db, id, result, "fingerprint", 30);
  await settleNews(db, uid, 1);
  if (receivedAt !== undefined) {
    await db.updateTable("studies").set({ receivedAt: receivedAt }).where("studyInstanceUid", "=", uid).execute();
  }
  return { uid, id, result };
}

export function report(sopInstanceUid: string): ReportFile {
  return {
    kind: "sr",
    sopClassUid: "1.2.840.10008.5.1.4.1.1.88.33",
    sopInstanceUid,
    seriesInstanceUid: "1.9",
    bytes: new Uint8Array([0, 255, 68, 73]),
  };
}
