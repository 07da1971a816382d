import assert from "node:assert/strict";
import { test } from "node:test";
import { whyNoAnswer } from "../../ohif-extension/src/answers.ts";
import type { DisplaySet, Instance } from "../../ohif-extension/src/ohif-types.ts";
import { dateWords, relationWords, studyOnScreen } from "../../ohif-extension/src/panel/study-words.ts";
import { isBoneSeries } from "../../ohif-extension/src/viewport/windows.ts";

const uids = { SOPInstanceUID: "1.1.1", SOPClassUID: "1", SeriesInstanceUID: "1.1", StudyInstanceUID: "1" };
const image = (attributes: Record<string, unknown> = {}): Instance => ({
  ...uids,
  PatientName: [{ Alphabetic: "Okafor^Ada" }],
  PatientID: "7",
  PatientSex: "F",
  PatientAge: "068Y",
  StudyDate: "20261124",
  ...attributes,
});
const study = (attributes: Record<string, unknown> = {}) => studyOnScreen(image(attributes));
const opened = study();
const relation = (attributes: Record<string, unknown>) =>
  relationWords(study({ StudyInstanceUID: "2", ...attributes }), opened);

test("a study is headed with its patient, sex and age, as its own images tell them", () => {
  assert.equal(opened.name, "Okafor, Ada");
  assert.equal(opened.sex, "female");
  assert.equal(opened.age, "68 y");
  assert.equal(study({ PatientName: "Weber^Karl" }).name, "Weber, Karl");
  assert.equal(study({ PatientName: undefined }).name, "unnamed patient");
});

test("an age that is not written is counted from the birth date to the day of the study", () => {
  const age = (birthDate: string) => study({ PatientAge: undefined, PatientBirthDate: birthDate }).age;
  assert.equal(age("19581124"), "68 y");
  assert.equal(age("19581125"), "67 y");
  assert.equal(age(""), "");
  assert.equal(study({ PatientAge: "006M" }).age, "6 mo");
});

test("a study on the screen that was not opened says what it is to the one that was", () => {
  assert.equal(relationWords(opened, opened), "");
  assert.equal(relation({ StudyDate: "20261122" }), "prior of 22-Nov");
  assert.equal(relation({ StudyDate: "20251103" }), "prior of 3-Nov-2025");
  assert.equal(relation({ StudyDate: "20261125" }), "later study of 25-Nov");
  assert.equal(relation({}), "another study of the same day");
  assert.equal(relation({ StudyDate: "" }), "not the study that was opened");
  assert.match(relation({ PatientID: "8", StudyDate: "20261122" }), /ANOTHER PATIENT/);
  assert.equal(relationWords(study({ StudyInstanceUID: "2" }), undefined), "not the study that was opened");
});

test("a date that is none stays as it is", () => {
  assert.equal(dateWords("20261340"), "20261340");
  assert.equal(dateWords("2026.11.24"), "2026.11.24");
});

test("only the study whose image is on the screen can be answered", () => {
  const view = { viewportId: "a", displaySet: {} as DisplaySet, studyInstanceUid: "1", isDrawn: true, slice: null };
  assert.equal(whyNoAnswer("1", view), undefined);
  assert.match(whyNoAnswer("2", view)!, /another study/);
  assert.match(whyNoAnswer("1", { ...view, isDrawn: false })!, /not on the screen yet/);
  assert.match(whyNoAnswer("1", null)!, /no image/);
});

test("a bone series is known by its kernel or its name, and a soft one is not taken for it", () => {
  const isBone = (ConvolutionKernel: unknown, SeriesDescription = "Head 1.0") =>
    isBoneSeries(image({ ConvolutionKernel, SeriesDescription }));
  for (const kernel of ["H60s", "Hr68h", "BONEPLUS", "YC", ["B70f", "3"]]) assert.ok(isBone(kernel), String(kernel));
  for (const kernel of ["H31s", "J40s", "STANDARD", "UB", undefined]) assert.ok(!isBone(kernel), String(kernel));
  assert.ok(isBone(undefined, "Schädel Knochen"));
});
