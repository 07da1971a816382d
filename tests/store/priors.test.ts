import assert from "node:assert/strict";
import { test } from "node:test";
import type { StudyAttributes } from "../../src/contract/study-attributes.ts";
import { listPriors } from "../../src/store/priors.ts";
import { findStudy, recordNews } from "../../src/store/studies.ts";
import { onEachDatabase, saveScored } from "../support/store.ts";

onEachDatabase("the other studies of a patient", (store) => {
  const save = async (key: string, attributes: Partial<StudyAttributes> = {}) =>
    (await saveScored(store.db, { key, attributes })).uid;
  const priorsOf = async (uid: string) =>
    (await listPriors(store.db, (await findStudy(store.db, uid))!)).map(({ studyInstanceUid }) => studyInstanceUid);

  test("are those with his Patient ID, newest first, without the study itself", async () => {
    const today = await save("today", { studyDate: "20260103" });
    const older = await save("older", { studyDate: "20260101", studyTime: "0700" });
    const later = await save("later that day", { studyDate: "20260101", studyTime: "1900" });
    await save("another patient", { patientId: "P0002" });
    assert.deepEqual(await priorsOf(today), [later, older]);
    assert.deepEqual(await priorsOf(later), [today, older]);
  });

  test("are not those of somebody else with the same Patient ID, where issuer or date of birth tell", async () => {
    const today = await save("today", { issuerOfPatientId: "NORTH" });
    const unknown = await save("unknown", { issuerOfPatientId: "", patientBirthDate: "" });
    await save("other issuer", { issuerOfPatientId: "SOUTH" });
    await save("other birth date", { patientBirthDate: "19990101" });
    assert.deepEqual(await priorsOf(today), [unknown]);
    assert.equal((await priorsOf(unknown)).length, 3);
  });

  test("are none where nobody knows who he is", async () => {
    const unnamed = await save("unnamed", { patientId: "" });
    await save("unnamed too", { patientId: "" });
    await recordNews(store.db, "1.1", { stable: false }, "north");
    assert.deepEqual([await priorsOf(unnamed), await priorsOf("1.1")], [[], []]);
  });

  test("are ten at most", async () => {
    for (let n = 0; n < 12; n++) await save(`study ${n}`);
    assert.equal((await priorsOf(await save("today"))).length, 10);
  });
});
