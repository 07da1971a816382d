import { attributesOfDataSet } from "../../../dicom/attributes.ts";
import { textReader } from "../../../dicom/character-set.ts";
import { isDerivedUid } from "../../../dicom/derived-uid.ts";
import { parsePart10 } from "../../../dicom/part10.ts";
import { type RawDataSet, rawFileOf } from "../../../dicom/raw-data-set.ts";
import { writeDataSet } from "../../../dicom/write-data-set.ts";
import { attributeText } from "./actions.ts";
import { Identity } from "./identity.ts";
import { isImage, reasonToLeaveOut } from "./left-out.ts";
import { LeftOut } from "./left-out-error.ts";
import { marked } from "./markers.ts";
import { ObjectCleaner } from "./object-cleaner.ts";
import { PSEUDONYM_FORMS, type Replacements } from "./pseudonyms.ts";

/**
 * What is left in an object that says whose it is: the rules are applied to it again, and one that is finished does not
 * change. Nothing of what it holds is told.
 */
export function auditObject(bytes: Uint8Array): string[] {
  try {
    return findingsIn(bytes);
  } catch (error) {
    return [error instanceof LeftOut ? error.reason : "it cannot be read as DICOM"];
  }
}

function findingsIn(bytes: Uint8Array): string[] {
  const dataset = parsePart10(bytes, "the object");
  const image = attributesOfDataSet(dataset);
  const reason = reasonToLeaveOut(image);
  if (reason !== null) return [reason];
  const file = rawFileOf(dataset);
  const findings: string[] = [];
  if (Buffer.compare(writeDataSet({ ...file, meta: [] }), bytes) !== 0)
    findings.push("it has bytes that belong to no element, or a file header of another program");
  const read = textReader(["ISO_IR 192"]);
  const cleaner = new ObjectCleaner({
    ...{ pseudonyms: new OwnForms(image.texts("00100010")[0] ?? ""), identity: new Identity([], read), days: 0 },
    ...{ patient: image.texts("00100020")[0] ?? "", read, image, transferSyntaxUid: file.transferSyntaxUid },
  });
  const { elements } = marked(cleaner.dataSet(file.elements), isImage(image.texts("00080016")[0] ?? ""));
  return [...findings, ...differences(file.elements, elements)];
}

/** Leaves what is a pseudonym by its form, and takes the rest away. */
class OwnForms implements Replacements {
  readonly #name: string;

  constructor(patientName: string) {
    this.#name = matching(PSEUDONYM_FORMS.personName, patientName);
  }

  uid = (uid: string) => (isDerivedUid(uid) ? uid : "");
  patientId = (id: string) => matching(PSEUDONYM_FORMS.patientId, id);
  institution = (name: string) => matching(PSEUDONYM_FORMS.institution, name);
  short = (_: string, value: string) => matching(PSEUDONYM_FORMS.short, value);
  personName = (of: string) => matching(PSEUDONYM_FORMS.personName, of) || this.#name;
}

function matching(form: RegExp, text: string): string {
  return form.test(text) ? text : "";
}

function differences(before: RawDataSet, after: RawDataSet): string[] {
  const kept = new Map(after.map((element) => [element.tag, element.value]));
  const lacking = after.filter(({ tag }) => before.every((element) => element.tag !== tag));
  return [
    ...lacking.map(({ tag }) => `${attributeText(tag)} is missing`),
    ...before.flatMap(({ tag, value }) => {
      const left = kept.get(tag);
      if (left === undefined) return [`${attributeText(tag)} may not be in it`];
      if (value instanceof Uint8Array)
        return left instanceof Uint8Array && Buffer.compare(value, left) === 0
          ? []
          : [`${attributeText(tag)} holds more than may stay`];
      if (left instanceof Uint8Array) return [`${attributeText(tag)} holds more than may stay`];
      return value.flatMap((item, i) => differences(item, left[i] ?? []));
    }),
  ];
}
