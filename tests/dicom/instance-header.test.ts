import assert from "node:assert/strict";
import { test } from "node:test";
import dcmjs from "dcmjs";
import { headerFromDataSet, headerFromMetadata } from "../../src/dicom/header.ts";
import { parsePart10 } from "../../src/dicom/part10.ts";
import { ctImage } from "../support/ct-image.ts";

const GREEK = "Θεοδώρου^Ελένη=王^小東";
const ATTRIBUTES = {
  PatientName: GREEK,
  IssuerOfPatientID: "Hospital A",
  StudyDescription: "Εγκέφαλος",
  SeriesDescription: "Head 5.0",
  ProtocolName: "01_HeadRoutine",
  ContrastBolusAgent: "none",
  GantryDetectorTilt: "-18.5",
  ImageType: ["ORIGINAL", "PRIMARY", "AXIAL", "CT_SOM5 SEQ"],
  ImagePositionPatient: ["-125.5", "-123.25", "5.875"],
};
const bytes = ctImage([0, 0, 0, 0], ATTRIBUTES);
const fromFile = headerFromDataSet(parsePart10(bytes, "test"), "test");

/** The DICOM JSON model of the file, as a PACS gives it. */
function metadata(): Record<string, { vr: string; Value?: unknown[] }> {
  const { dict } = dcmjs.data.DicomMessage.readFile(bytes.slice().buffer);
  delete dict["7FE00010"];
  for (const element of Object.values(dict)) {
    if (element.vr === "PN") {
      const [Alphabetic, Ideographic] = GREEK.split("=");
      element.Value = element.Value?.[0] ? [{ Alphabetic, Ideographic }] : [];
    }
  }
  return dict;
}

test("a header has what selection, geometry and reports need", () => {
  const { study, ...image } = fromFile;
  assert.equal(study.patientName, GREEK);
  assert.equal(study.studyDescription, "Εγκέφαλος");
  assert.equal(study.issuerOfPatientId, "Hospital A");
  assert.equal(study.accessionNumber, "");
  assert.equal(image.modality, "CT");
  assert.deepEqual(image.imageType, ATTRIBUTES.ImageType);
  assert.deepEqual(image.imagePositionMm, [-125.5, -123.25, 5.875]);
  assert.deepEqual(image.imageOrientation, [1, 0, 0, 0, 1, 0]);
  assert.deepEqual(image.pixelSpacingMm, [1, 1]);
  assert.equal(image.sliceThicknessMm, 5);
  assert.equal(image.gantryTiltDeg, -18.5);
  assert.deepEqual([image.rows, image.columns, image.numberOfFrames], [2, 2, 1]);
});

test("WADO-RS metadata gives the same header as the file", () => {
  assert.deepEqual(headerFromMetadata(metadata()), fromFile);
});

test("absent attributes are empty, not invented", () => {
  const bare = { Value: ["1.2.3"] };
  const header = headerFromMetadata({ "0020000D": bare, "0020000E": bare, "00080018": bare });
  assert.equal(header.modality, "");
  assert.equal(header.imagePositionMm, null);
  assert.equal(header.sliceThicknessMm, null);
  assert.equal(header.numberOfFrames, 1);
  assert.deepEqual(header.imageType, []);
});

test("an instance without its UIDs is refused", () => {
  assert.throws(() => headerFromMetadata({ "0020000D": { Value: ["1.2.3"] } }), {
    code: "dicom-unreadable",
    message: /Series Instance UID/,
  });
  assert.throws(() => headerFromMetadata("no data set"), { code: "dicom-unreadable" });
  const unnamed = ctImage([0, 0, 0, 0], { StudyInstanceUID: "not a uid" });
  assert.throws(() => headerFromDataSet(parsePart10(unnamed, "x.dcm"), "x.dcm"), {
    message: /x\.dcm has no valid Study/,
  });
});
