import assert from "node:assert/strict";
import { test } from "node:test";
import dcmjs from "dcmjs";
import { headersFromDataSet, headersFromMetadata } from "../../src/dicom/header.ts";
import { parsePart10 } from "../../src/dicom/part10.ts";
import type { InstanceHeader } from "../../src/dicom/source.ts";
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
  SeriesDate: "20260102",
  ContentDate: "20260102",
  ContentTime: "101600.250",
  LossyImageCompression: "01",
  ImageType: ["ORIGINAL", "PRIMARY", "AXIAL", "CT_SOM5 SEQ"],
  ImagePositionPatient: ["-125.5", "-123.25", "5.875"],
};
const bytes = ctImage([0, 0, 0, 0], ATTRIBUTES);
const fromFile = headerOf(bytes);

function headerOf(file: Uint8Array): InstanceHeader {
  const [header, ...others] = headersFromDataSet(parsePart10(file, "x.dcm"), "x.dcm");
  assert.equal(others.length, 0);
  return header!;
}

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
  assert.deepEqual([image.rows, image.columns, image.numberOfFrames, image.frameNumber], [2, 2, 1, null]);
  assert.equal(image.seriesDateTime, "20260102101600");
  assert.equal(image.contentDateTime, "20260102101600.250");
  assert.equal(image.lossyCompression, "01");
});

test("WADO-RS metadata gives the same header as the file", () => {
  assert.deepEqual(headersFromMetadata(metadata()), [fromFile]);
});

test("absent attributes are empty, not invented", () => {
  const bare = { Value: ["1.2.3"] };
  const [header] = headersFromMetadata({ "0020000D": bare, "0020000E": bare, "00080018": bare });
  assert.ok(header !== undefined);
  assert.equal(header.sopClassUid, "");
  assert.equal(header.seriesDateTime, "");
  assert.equal(header.modality, "");
  assert.equal(header.imagePositionMm, null);
  assert.equal(header.sliceThicknessMm, null);
  assert.equal(header.numberOfFrames, 1);
  assert.deepEqual(header.imageType, []);
});

test("an instance without its UIDs is refused", () => {
  assert.throws(() => headersFromMetadata({ "0020000D": { Value: ["1.2.3"] } }), {
    code: "dicom-unreadable",
    message: /Series Instance UID/,
  });
  assert.throws(() => headersFromMetadata("no data set"), { code: "dicom-unreadable" });
  const unnamed = ctImage([0, 0, 0, 0], { StudyInstanceUID: "not a uid" });
  assert.throws(() => headerOf(unnamed), { message: /x\.dcm has no valid Study/ });
});

test("numbers are read as the field writes them", () => {
  const loose = headerOf(
    ctImage([0, 0, 0, 0], {
      SliceThickness: "5,0",
      KVP: "120 kV",
      GantryDetectorTilt: " -18.50 ",
      SeriesNumber: "2.0",
      ImagePositionPatient: ["-125,5", "1.5e1", "5.875mm"],
    }),
  );
  assert.equal(loose.sliceThicknessMm, 5);
  assert.equal(loose.kvp, 120);
  assert.equal(loose.gantryTiltDeg, -18.5);
  assert.equal(loose.seriesNumber, 2);
  assert.deepEqual(loose.imagePositionMm, [-125.5, 15, 5.875]);
});

test("a size that no head has, or that could be two, is none", () => {
  const spacing = (between: string) =>
    headerOf(ctImage([0, 0, 0, 0], { PixelSpacing: ["0.5", between] })).pixelSpacingMm;
  assert.deepEqual(spacing("0.5"), [0.5, 0.5]);
  for (const wrong of ["0", "-0.5", "0.01", "1e30", "abc", "", "NaN"]) assert.equal(spacing(wrong), null, wrong);
  for (const wrong of ["0", "-5", "1000", "1e30", "1,024", "thin"]) {
    assert.equal(headerOf(ctImage([0, 0, 0, 0], { SliceThickness: wrong })).sliceThicknessMm, null, wrong);
  }
  const far = headerOf(ctImage([0, 0, 0, 0], { ImagePositionPatient: ["0", "0", "1e30"] }));
  assert.equal(far.imagePositionMm, null);
  const long = headerOf(ctImage([0, 0, 0, 0], { ImageOrientationPatient: ["1e9", "0", "0", "0", "1", "0"] }));
  assert.equal(long.imageOrientation, null);
});

test("UIDs lose the blanks and NULs behind them, in files and in metadata", () => {
  const padded = headerOf(ctImage([0, 0, 0, 0], { SeriesInstanceUID: "ID_7436cf1007 \0" }));
  assert.equal(padded.seriesInstanceUid, "ID_7436cf1007");
  const value = (uid: string) => ({ vr: "UI", Value: [uid] });
  const [header] = headersFromMetadata({
    "0020000D": value("1.2.3\0"),
    "0020000E": value("1.2.4 "),
    "00080018": value("1.2.5"),
    "00080016": { vr: "UI", Value: null },
    "00280010": { vr: "US", Value: "512" },
  });
  assert.deepEqual([header!.study.studyInstanceUid, header!.seriesInstanceUid], ["1.2.3", "1.2.4"]);
  assert.deepEqual([header!.sopClassUid, header!.rows], ["", null]);
});

test("a date of old files, with dots, makes the same date and time; a time without a date makes none", () => {
  const old = headerOf(ctImage([0, 0, 0, 0], { SeriesDate: "2026.01.02", SeriesTime: "10:16:00", ContentDate: "" }));
  assert.equal(old.seriesDateTime, "20260102101600");
  assert.equal(old.contentDateTime, "");
});
