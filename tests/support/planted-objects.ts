import { parsePart10 } from "../../src/dicom/part10.ts";
import { type RawDataSet, type RawElement, rawFileOf } from "../../src/dicom/raw-data-set.ts";
import { writeDataSet } from "../../src/dicom/write-data-set.ts";
import { encodeText } from "./character-encoder.ts";
import type { Person } from "./planted-people.ts";

/** What was hidden in an object, and where: none of it may be found afterwards. */
export interface Plant {
  where: string;
  value: string;
}

export interface PlantedObject {
  bytes: Uint8Array;
  plants: Plant[];
}

/** Puts values into an object, whatever their value representation allows. */
export class Planter {
  readonly plants: Plant[] = [];
  readonly #characterSet: string;

  constructor(characterSet: string) {
    this.#characterSet = characterSet;
  }

  /** A text that holds these values: all of it, or `around` them. */
  text(tag: string, vr: string, values: string | string[], around = (text: string) => text): RawElement {
    const all = [values].flat();
    for (const value of all) this.plants.push({ where: `${tag} ${vr}`, value });
    return raw(tag, vr, padded(encodeText(around(all.join(" ")), this.#characterSet)));
  }

  bytes(tag: string, vr: string, value: string, bytes: Uint8Array): RawElement {
    this.plants.push({ where: `${tag} ${vr}`, value });
    return raw(tag, vr, padded(bytes));
  }
}

export function raw(tag: string, vr: string, value: RawElement["value"] | string): RawElement {
  return { tag, vr, value: typeof value === "string" ? padded(Buffer.from(value)) : value };
}

export function padded(bytes: Uint8Array, multiple = 2): Uint8Array {
  const missing = (multiple - (bytes.length % multiple)) % multiple;
  return Buffer.concat([bytes, Buffer.alloc(missing, 0x20)]);
}

/** The object with other elements: a new one takes the place of its tag. */
export function withElements(bytes: Uint8Array, elements: RawDataSet, meta: RawDataSet = []): Uint8Array {
  const file = rawFileOf(parsePart10(bytes, "object"));
  const tags = new Set(elements.map(({ tag }) => tag));
  const merged = [...file.elements.filter(({ tag }) => !tags.has(tag)), ...elements];
  return writeDataSet({
    ...file,
    meta: [...file.meta, ...meta],
    elements: merged.sort((a, b) => (a.tag < b.tag ? -1 : 1)),
  });
}

/** A CT image of a person with some 55 values planted, in all the places where names were ever found. */
export function plantedImage(
  image: Uint8Array,
  person: Person,
  dates: { study: string; series: string },
): PlantedObject {
  const plant = new Planter(person.characterSet);
  const { name, family, given, id, otherId, accession, phone, email, address, hospital, physician } = person;
  const [also = "", second = ""] = person.alsoCalled;
  const elements: RawDataSet = [
    raw("x00080005", "CS", person.characterSet),
    raw("x00080020", "DA", dates.study),
    raw("x00080021", "DA", dates.series),
    raw("x0008002a", "DT", `${dates.study}101112.5`),
    plant.text("x00080008", "CS", family.toUpperCase(), (text) => `ORIGINAL\\PRIMARY\\AXIAL\\${text}`),
    plant.text("x00080050", "SH", accession),
    plant.text("x00080080", "LO", hospital),
    plant.text("x00080081", "ST", address),
    plant.text("x00080090", "PN", physician),
    plant.text("x00080092", "ST", address),
    plant.text("x00080094", "SH", phone),
    plant.text("x00081010", "SH", hospital.slice(0, 16)),
    plant.text("x00081030", "LO", [family, given], (text) => `CT head without contrast ${text}`),
    raw("x00081032", "SQ", [
      [
        plant.text("x00080100", "SH", id),
        raw("x00080102", "SH", "99LOCALHOSP"),
        plant.text("x00080104", "LO", also, (text) => `Head CT of ${text}`),
      ],
    ]),
    plant.text("x0008103e", "LO", [also, second], (text) => `Head Routine 5.0 H31s ${text}`),
    plant.text("x00081048", "PN", physician),
    plant.text("x00081050", "PN", physician.toUpperCase()),
    plant.text("x00081070", "PN", `Operator${family}^${given}`),
    plant.text("x00082111", "ST", [id, accession], (text) => `Reconstructed for ${text}`),
    plant.text("x00100010", "PN", name),
    plant.text("x00100020", "LO", id),
    plant.text("x00100030", "DA", person.birthDate),
    raw("x00100040", "CS", person.sex),
    plant.text("x00101000", "LO", otherId),
    plant.text("x00101001", "PN", also),
    plant.text("x00101005", "PN", name),
    raw("x00101010", "AS", person.age),
    plant.text("x00101040", "LO", address),
    plant.text("x00101060", "PN", second),
    plant.text("x00102154", "SH", phone),
    plant.text("x001021b0", "LT", [phone, email, person.birthDate], (text) => `fall, head trauma; call ${text}`),
    plant.text("x00104000", "UN", [given, family], (text) => `lives with ${text}`),
    raw("x00180015", "CS", "HEAD"),
    plant.text("x00181000", "LO", `SN ${family}`),
    plant.text("x00181030", "LO", [family], (text) => `Head Sequential ${text} 120kV`),
    plant.text("x00181151", "SH", otherId),
    plant.text("x00181400", "LO", email),
    plant.bytes("x00189305", "FD", also, padded(Buffer.from(also), 8)),
    plant.text("x00200010", "SH", accession),
    plant.text("x00204000", "LT", [family, given], (text) => text.split(" ").reverse().join(", ")),
    plant.text("x00321032", "PN", physician),
    plant.text("x00321060", "LO", [also], (text) => `CT brain ${text.toLowerCase()}`),
    plant.text("x00380300", "LO", address),
    raw("x00400275", "SQ", [
      [
        plant.text("x00400007", "LO", [second, phone], (text) => `CT head ${text}`),
        plant.text("x00401001", "SH", accession),
        plant.text("x00401002", "LO", [family], (text) => `query bleed, ${text}`),
        raw("x00111110", "LO", "x"),
        plant.text("x00110010", "LO", `ACME ${family}`),
        plant.text("x00111101", "PN", name),
      ],
    ]),
    plant.text("x00090010", "LO", `HOSP ${id}`),
    plant.text("x00091001", "LO", given),
    plant.bytes("x00091002", "UN", family, Buffer.from(family, "utf16le")),
    plant.bytes("x00091003", "OB", name, Buffer.from(Buffer.from(name).toString("base64"))),
    raw("x00430010", "LO", "GEMS_PARM_01"),
    plant.text("x00431027", "SH", also),
    plant.bytes("x50003000", "OW", name, padded(Buffer.from(name))),
    plant.text("x60000022", "LO", name),
    plant.bytes("x60003000", "OW", also, padded(Buffer.from(also.repeat(3)))),
    raw("x00880200", "SQ", [[plant.text("x00281054", "LO", also)]]),
    plant.text("x00400254", "LO", Buffer.from(name).toString("base64").slice(0, 40)),
    plant.bytes("xfffcfffc", "OB", accession, Buffer.from(accession)),
  ];
  const meta: RawDataSet = [plant.text("x00020016", "AE", hospital.slice(0, 16)), plant.text("x00020102", "OB", id)];
  const whole = Buffer.from(withElements(image, elements, meta));
  plant.plants.push({ where: "preamble", value: otherId }, { where: "behind the end", value: accession });
  whole.write(otherId, 8);
  return { bytes: new Uint8Array(Buffer.concat([whole, Buffer.from(accession)])), plants: plant.plants };
}
