import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { PGlite } from "@electric-sql/pglite";
import { CamelCasePlugin, Kysely, PGliteDialect, sql } from "kysely";
import { Migrator } from "kysely/migration";
import { MIGRATIONS, migrate } from "../../src/store/migrations.ts";
import type { Db, Schema } from "../../src/store/schema.ts";
import { findListedStudy } from "../../src/store/worklist.ts";
import { studyResource } from "../../src/triage/study-resource.ts";
import { scoredStudy } from "../support/scored-study.ts";

const MARKER = "withdrawn";

describe("answers that an earlier version kept", () => {
  let raw: Db;
  let db: Db;
  const { result } = scoredStudy({
    key: "old",
    findings: { any: { presence: "present" }, subdural: { presence: "present" } },
  });
  const uid = result.studyInstanceUid;
  const idOf = (label: string) => result.findings.find((finding) => finding.label === label)!.id;

  before(async () => {
    raw = new Kysely<Schema>({ dialect: new PGliteDialect({ pglite: await PGlite.create() }) });
    db = raw.withPlugin(new CamelCasePlugin({ maintainNestedObjectKeys: true }));
    const earlier = Object.fromEntries(Object.entries(MIGRATIONS).filter(([name]) => name < "0005"));
    await new Migrator({ db: raw, provider: { getMigrations: async () => earlier } }).migrateToLatest();
    await sql`insert into studies (study_instance_uid, state, flag) values (${uid}, 'reported', 'critical')`.execute(
      raw,
    );
    await sql`
      insert into results (study_instance_uid, content_hash, model_name, model_version, flag, result, created_at)
      values (${uid}, 'hash', 'ich-lite', '0.2.0', 'critical', ${JSON.stringify(result)}, now() - interval '1 hour')`.execute(
      raw,
    );
    await sql`update studies set result_id = (select id from results)`.execute(raw);
    const say = (minutesAgo: number, decision: string, label: string, comment: string | null = null) =>
      sql`
        insert into feedback (study_instance_uid, at, finding_id, decision, label, sop_instance_uid, comment)
        values (${uid}, now() - make_interval(mins => ${minutesAgo}), ${idOf(label)}, ${decision}, ${label},
          ${result.slices[2]!.sopInstanceUid}, ${comment})`.execute(raw);
    await say(90, "accept", "subdural", "of the result before");
    await say(50, "reject", "any");
    await say(40, "reject", "any", MARKER);
    await say(30, "accept", "subdural");
    await say(20, "reject", "subdural", "calcified");
    await migrate(raw);
  });
  after(() => raw.destroy());

  test("are all there, those taken back or contradicted as withdrawn, the marks themselves not", async () => {
    const { feedback } = (await studyResource(db, uid))!;
    assert.deepEqual(
      feedback.map(({ decision, label, withdrawnAt, toPresentResult, comment }) => [
        `${decision} ${label}`,
        withdrawnAt === null ? "stands" : "withdrawn",
        toPresentResult,
        comment,
      ]),
      [
        ["accept subdural", "withdrawn", false, "of the result before"],
        ["reject any", "withdrawn", true, undefined],
        ["accept subdural", "withdrawn", true, undefined],
        ["reject subdural", "stands", true, "calcified"],
      ],
    );
  });

  test("know what they were answers to, and make the study read", async () => {
    const rows = await db.selectFrom("feedback").selectAll().orderBy("id").execute();
    assert.deepEqual(
      rows.map(({ present, agrees, flag, probability, seriesInstanceUid }) => [
        present,
        agrees,
        flag,
        probability,
        seriesInstanceUid !== null,
      ]),
      [
        [true, true, "pending", null, false],
        [false, false, "critical", 0.97, true],
        [true, true, "critical", 0.97, true],
        [false, false, "critical", 0.97, true],
      ],
    );
    const study = await findListedStudy(db, uid);
    assert.deepEqual([study?.readDecision, study?.readBy, study?.group], ["disagreed", null, "read"]);
  });
});
