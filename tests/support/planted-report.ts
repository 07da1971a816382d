import { derivedUid } from "../../src/dicom/derived-uid.ts";
import type { RawDataSet, RawElement } from "../../src/dicom/raw-data-set.ts";
import { writeDataSet } from "../../src/dicom/write-data-set.ts";
import { type PlantedObject, Planter, raw } from "./planted-objects.ts";
import type { Person } from "./planted-people.ts";

export interface ReferencedImage {
  studyUid: string;
  sopUid: string;
}

const SR_CLASS = "1.2.840.10008.5.1.4.1.1.88.22";
const CT_CLASS = "1.2.840.10008.5.1.4.1.1.2";

const uid = (tag: string, value: string) => raw(tag, "UI", Buffer.from(value.length % 2 === 0 ? value : `${value}\0`));
const code = (tag: string, value: string, scheme: string, meaning: string): RawElement =>
  raw(tag, "SQ", [[raw("x00080100", "SH", value), raw("x00080102", "SH", scheme), raw("x00080104", "LO", meaning)]]);

function item(type: string, relationship: string, concept: [string, string], ...value: RawDataSet): RawDataSet {
  return [
    raw("x0040a010", "CS", relationship),
    raw("x0040a040", "CS", type),
    code("x0040a043", concept[0], "DCM", concept[1]),
    ...value,
  ].sort((a, b) => (a.tag < b.tag ? -1 : 1));
}

/** A report about one image that names the person in every kind of content item. */
export function plantedReport(person: Person, image: ReferencedImage, date: string): PlantedObject {
  const plant = new Planter(person.characterSet);
  const { name, family, given, id, accession, phone, physician, hospital } = person;
  const [also = "", second = ""] = person.alsoCalled;
  const text = (concept: [string, string], values: string[], around: (text: string) => string) =>
    item("TEXT", "CONTAINS", concept, plant.text("x0040a160", "UT", values, around));
  const content: RawDataSet[] = [
    item("PNAME", "HAS OBS CONTEXT", ["121008", "Person Observer Name"], plant.text("x0040a123", "PN", physician)),
    item("UIDREF", "HAS OBS CONTEXT", ["121018", "Procedure Study Instance UID"], uid("x0040a124", image.studyUid)),
    item("DATE", "CONTAINS", ["121018", "Study Date"], raw("x0040a121", "DA", date)),
    item("DATETIME", "CONTAINS", ["121019", "Report DateTime"], raw("x0040a120", "DT", `${date}123000`)),
    text(["121071", "Finding"], [family, given], (it) => `Acute subdural hemorrhage, 8 mm, left, in ${it}.`),
    text(["121073", "Impression"], [also, phone, id], (it) => `Called ${it}: no fracture.`),
    text(["121060", "History"], [second, hospital], (it) => `Headache since the fall. ${it.toUpperCase()}`),
    item(
      "IMAGE",
      "CONTAINS",
      ["121112", "Source of Measurement"],
      raw("x00081199", "SQ", [[uid("x00081150", CT_CLASS), uid("x00081155", image.sopUid)]]),
    ),
  ];
  const elements: RawDataSet = [
    raw("x00080005", "CS", person.characterSet),
    uid("x00080016", SR_CLASS),
    uid("x00080018", derivedUid("report", image.sopUid)),
    raw("x00080020", "DA", date),
    raw("x00080023", "DA", date),
    raw("x00080030", "TM", "101112"),
    raw("x00080033", "TM", "101112"),
    plant.text("x00080050", "SH", accession),
    raw("x00080060", "CS", "SR"),
    plant.text("x00080090", "PN", physician),
    plant.text("x00100010", "PN", name),
    plant.text("x00100020", "LO", id),
    plant.text("x00100030", "DA", person.birthDate),
    raw("x00100040", "CS", person.sex),
    uid("x0020000d", image.studyUid),
    uid("x0020000e", derivedUid("reports", image.studyUid)),
    raw("x00200010", "SH", "1"),
    raw("x00200011", "IS", "1"),
    raw("x00200013", "IS", "1"),
    raw("x0040a040", "CS", "CONTAINER"),
    code("x0040a043", "126000", "DCM", "Imaging Measurement Report"),
    raw("x0040a050", "CS", "SEPARATE"),
    raw("x0040a073", "SQ", [
      [
        plant.text("x0040a027", "LO", hospital),
        raw("x0040a030", "DT", `${date}124500`),
        plant.text("x0040a075", "PN", physician),
        raw("x0040a088", "SQ", []),
      ],
    ]),
    raw("x0040a491", "CS", "COMPLETE"),
    raw("x0040a493", "CS", "VERIFIED"),
    raw("x0040a730", "SQ", content),
  ];
  const bytes = writeDataSet({ transferSyntaxUid: "1.2.840.10008.1.2.1", meta: [], elements });
  return { bytes, plants: plant.plants };
}
