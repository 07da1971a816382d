import assert from "node:assert/strict";
import { test } from "node:test";
import { textReader } from "../../src/dicom/character-set.ts";
import { cleanText } from "../../src/training/export/deidentify/free-text.ts";
import { Identity } from "../../src/training/export/deidentify/identity.ts";
import { raw } from "../support/planted-objects.ts";

const identity = new Identity(
  [
    raw("x00100010", "PN", "White^Frontal^Karl-Heinz"),
    raw("x00100020", "LO", "H31s77"),
    raw("x00080080", "LO", "Kreisklinik Oberunterstadt"),
  ],
  textReader(["ISO_IR 192"]),
);

const cases: [string, string][] = [
  ["CT head without contrast 5.0 H31s", "CT head without contrast 5.0 H31s"],
  ["Schädel nativ 5mm (Knochen)", "Schädel nativ 5mm (Knochen)"],
  ["頭部単純 5mm", "頭部単純 5mm"],
  ["ΑΞΟΝΙΚΗ ΕΓΚΕΦΑΛΟΥ", "ΑΞΟΝΙΚΗ ΕΓΚΕΦΑΛΟΥ"],
  ["Head 120kV 0.625mm 64x0.6", "Head 120kV 0.625mm 64x0.6"],
  ["STD+", "STD+"],
  // Names of the object, even where they are words of anatomy; strangers' names; initials.
  ["white matter, frontal, of WHITE, KARL-HEINZ", "matter of"],
  ["Head J. Smith 4", "Head"],
  ["P A U L A head", "head"],
  ["頭部 山田太郎", "頭部"],
  ["Chester Headley, abdullah", ""],
  ["Dr. Brain Temporal reported chest", "reported chest"],
  // Numbers of people.
  ["call +49 (221) 4710-11 or 555 123 4567", "or"],
  ["head 12.04.1961, 1961-04-12, 12 Apr 1961, April 12th 1961, 昭和 1961年4月12日", "head"],
  ["a.b@c.example.org http://x.y/z www.hospital.de", ""],
  ["brain MRN 48213377 H31s77 1.2.840.113619.2.55", "brain"],
  ["١٢٣٤٥٦٧٨ head ４８２１３３７７", "head"],
  ["92 year old, fall", "fall"],
  [Buffer.from("White^Karl").toString("base64"), ""],
];

for (const [text, expected] of cases)
  test(`of "${text}" stays "${expected}"`, () => assert.equal(cleanText(text, identity), expected));
