import assert from "node:assert/strict";
import { test } from "node:test";
import { sql } from "kysely";
import { claimReading, releaseReading, sweepReadings } from "../../src/store/readings.ts";
import { recordNews } from "../../src/store/studies.ts";
import { findListedStudy } from "../../src/store/worklist.ts";
import { onEachDatabase } from "../support/store.ts";

onEachDatabase("a study that somebody has open", (store) => {
  const readBy = async () => (await findListedStudy(store.db, "1.1"))?.reading?.reader ?? null;
  const letTimePass = (seconds: number) =>
    store.db
      .updateTable("readings")
      .set({
        until: sql`until - make_interval(secs => ${seconds})`,
        since: sql`since - make_interval(secs => ${seconds})`,
      })
      .execute();
  const rows = async () => (await store.db.selectFrom("readings").selectAll().execute()).length;

  test("is being read by him, also by another one afterwards, until they leave", async () => {
    await recordNews(store.db, "1.1", { stable: false }, "north");
    assert.equal(await readBy(), null);
    await claimReading(store.db, "1.1", "Dr Ada");
    await letTimePass(1);
    await claimReading(store.db, "1.1", "Dr Bo");
    assert.equal(await readBy(), "Dr Ada");
    await releaseReading(store.db, "1.1", "Dr Ada");
    assert.equal(await readBy(), "Dr Bo");
    await releaseReading(store.db, "1.1", "Dr Bo");
    assert.equal(await readBy(), null);
  });

  test("is so for 90 s after the last word of him, since the first one", async () => {
    await recordNews(store.db, "1.1", { stable: false }, "north");
    const first = await claimReading(store.db, "1.1", "Dr Ada");
    await letTimePass(80);
    const repeated = await claimReading(store.db, "1.1", "Dr Ada");
    assert.equal(Date.parse(first.since) - Date.parse(repeated.since), 80_000);
    await letTimePass(89);
    assert.equal(await readBy(), "Dr Ada");
    await letTimePass(2);
    assert.equal(await readBy(), null);
  });

  test("begins anew when the claim had run out, swept away or not", async () => {
    await recordNews(store.db, "1.1", { stable: false }, "north");
    const first = await claimReading(store.db, "1.1", "Dr Ada");
    await letTimePass(91);
    const again = await claimReading(store.db, "1.1", "Dr Ada");
    assert.ok(again.since >= first.since);
    await sweepReadings(store.db);
    assert.equal(await rows(), 1);
    await letTimePass(91);
    await sweepReadings(store.db);
    assert.equal(await rows(), 0);
  });
});
