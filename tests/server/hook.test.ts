import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { HOOK_SECRET, TestApi } from "../support/api.ts";
import { TestPacs } from "../support/pacs.ts";
import { filesOf, headStudy } from "../support/studies.ts";

describe("Orthanc's hook", () => {
  let api: TestApi;
  before(async () => {
    // It knows of no PACS: only the hook can tell it of a study.
    api = await TestApi.start({ hookSecret: HOOK_SECRET });
  });
  after(() => api.stop());

  /** An Orthanc with our script, which has just received a study. */
  async function orthancWithStudy(key: string, secret: string) {
    const pacs = await TestPacs.start({ hook: { url: `${api.url}/api/hooks/orthanc`, secret } });
    const series = headStudy(key);
    await pacs.send(filesOf(series));
    return { pacs, uid: series.studyInstanceUid };
  }

  test("announces a study once it is complete", async () => {
    const { pacs, uid } = await orthancWithStudy("hook", HOOK_SECRET);
    try {
      const { state, events } = await api.until(uid, () => true);
      assert.equal(state, "received");
      assert.equal(events[0]?.type, "received");
    } finally {
      await pacs.close();
    }
  });

  test("announces nothing with a wrong secret", async () => {
    const { pacs, uid } = await orthancWithStudy("wrong", "not the secret");
    try {
      await api.untilLogged('"code":"hook-unauthorized"');
      assert.equal((await api.send("get", `/api/studies/${uid}`)).status, 404);
    } finally {
      await pacs.close();
    }
  });
});
