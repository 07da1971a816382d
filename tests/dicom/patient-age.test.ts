import assert from "node:assert/strict";
import { test } from "node:test";
import { ageYears } from "../../src/dicom/patient-age.ts";
import { SLICES } from "../support/placed-slices.ts";

const { study } = SLICES[0]!.header;

function age(patientAge: string, patientBirthDate = "", studyDate = "20260101"): number | null {
  const years = ageYears({ patientAge, study: { ...study, patientBirthDate, studyDate } });
  return years === null ? null : Number(years.toFixed(1));
}

test("a patient's age is read in days, weeks, months and years, or from two dates", () => {
  assert.deepEqual([age("045Y"), age("018M"), age("026W"), age("010D")], [45, 1.5, 0.5, 0]);
  assert.deepEqual([age("", "20240101"), age("junk", "19600101")], [2, 66]);
});

test("a patient's age is unknown where nothing tells it", () => {
  assert.deepEqual(
    [age(""), age("", "20270101"), age("", "1960"), age("", "18000101"), age("200Y")],
    [null, null, null, null, null],
  );
});
