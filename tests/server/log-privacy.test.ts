import assert from "node:assert/strict";
import { test } from "node:test";
import { ctSeries } from "../../src/phantom/ct-series.ts";
import { headPhantom } from "../../src/phantom/phantoms.ts";
import { TestApi } from "../support/api.ts";
import { TestPacs } from "../support/pacs.ts";
import { filesOf } from "../support/studies.ts";

const SECRETS = { patientName: "Παπαδόπουλος^Νίκος", patientId: "PID-77123", accessionNumber: "ACC-55881" };
const STUDY_DESCRIPTION = "CT head after a fall";

test("the log of a study's whole way, debug lines included, says nothing about the patient", async () => {
  const series = ctSeries(headPhantom(), { studyKey: "log", studyDescription: STUDY_DESCRIPTION, ...SECRETS });
  const pacs = await TestPacs.start();
  const api = await TestApi.start({ role: "all", pacs: [pacs.config()] });
  try {
    await pacs.send(filesOf(series));
    await api.until(series.studyInstanceUid, ({ state }) => state === "reported");
    await api.send("get", `/api/worklist?q=${encodeURIComponent("παπαδόπουλος")}`).expect(200);
    await api.send("get", `/pacs/studies?PatientID=${SECRETS.patientId}`).expect(200);
    // A PACS that goes away makes errors, which are logged with their cause.
    await pacs.stop("SIGKILL");
    await api.untilLogged("pacs-unreachable");

    assert.match(api.log, new RegExp(series.studyInstanceUid));
    for (const secret of [...Object.values(SECRETS), STUDY_DESCRIPTION, "παπαδόπουλος", "19600101"]) {
      assert.ok(!api.log.includes(secret), `the log has ${secret}`);
      assert.ok(!api.log.includes(encodeURIComponent(secret)), `the log has ${secret}, encoded`);
    }
  } finally {
    await api.stop();
    await pacs.close();
  }
});
