import { attributesOfDataSet } from "../../../dicom/attributes.ts";
import { textReader } from "../../../dicom/character-set.ts";
import { PIXEL_DATA, parsePart10 } from "../../../dicom/part10.ts";
import { type RawElement, rawFileOf } from "../../../dicom/raw-data-set.ts";
import { writeDataSet } from "../../../dicom/write-data-set.ts";
import { VigilError } from "../../../errors.ts";
import type { AttributeAction } from "./actions.ts";
import { Identity } from "./identity.ts";
import { isImage, reasonToLeaveOut } from "./left-out.ts";
import { LeftOut } from "./left-out-error.ts";
import { marked } from "./markers.ts";
import { ObjectCleaner } from "./object-cleaner.ts";
import type { Pseudonyms } from "./pseudonyms.ts";

export interface Deidentified {
  /** A Part 10 file. */
  bytes: Uint8Array;
  actions: AttributeAction[];
}

/** An object that must not leave. The reason says nothing of what is in it. */
export interface NotDeidentified {
  leftOut: string;
}

/**
 * One DICOM object without what says whose it is: PS3.15 annex E, the profile and options of `METHODS`. Pixels stay as they
 * are. What cannot be understood is left out, never passed through.
 */
export function deidentify(bytes: Uint8Array, pseudonyms: Pseudonyms): Deidentified | NotDeidentified {
  try {
    return deidentified(bytes, pseudonyms);
  } catch (error) {
    // Messages of other errors may quote what they stumbled over.
    if (error instanceof LeftOut) return { leftOut: error.reason };
    return { leftOut: error instanceof VigilError ? "it cannot be read as DICOM" : "it could not be de-identified" };
  }
}

function deidentified(bytes: Uint8Array, pseudonyms: Pseudonyms): Deidentified {
  const dataset = parsePart10(bytes, "the object");
  const image = attributesOfDataSet(dataset);
  const reason = reasonToLeaveOut(image);
  if (reason !== null) throw new LeftOut(reason);
  const file = rawFileOf(dataset);
  const read = textReader((dataset.string("x00080005") ?? "").split("\\"));
  const hasImage = isImage(image.texts("00080016")[0] ?? "");
  if (hasImage && file.elements.every(({ tag }) => tag !== PIXEL_DATA)) throw new LeftOut("it has no pixel data");
  if (file.elements.some(isEmbeddedOverlay)) throw new LeftOut("an overlay is hidden in its pixels");
  const text = (tag: string) => image.texts(tag)[0]?.trim() ?? "";
  const studyUid = text("0020000D");
  if ([studyUid, text("0020000E"), text("00080018")].includes("")) throw new LeftOut("it has no UIDs");
  const patient = text("00100020") || text("00100010") || studyUid;
  const identity = new Identity(file.elements, read);
  const cleaner = new ObjectCleaner({
    ...{ pseudonyms, identity, patient, days: pseudonyms.dayShift(patient), read, image },
    transferSyntaxUid: file.transferSyntaxUid,
  });
  const { elements, actions } = marked(cleaner.dataSet(file.elements), hasImage);
  const header = writeDataSet({ ...file, meta: [], elements: elements.filter(({ tag }) => tag !== PIXEL_DATA) });
  if (identity.leavesTraceIn(header)) throw new LeftOut("a name or number of the patient was left in it");
  return { bytes: writeDataSet({ ...file, meta: [], elements }), actions: [...cleaner.actions, ...actions] };
}

/** Overlay Bit Position (60xx,0102): retired overlays lay in the bits that pixels leave free. */
function isEmbeddedOverlay({ tag, value }: RawElement): boolean {
  return /^x60..0102$/.test(tag) && value instanceof Uint8Array && value.some((byte) => byte !== 0);
}
