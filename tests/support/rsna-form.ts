import { createHash } from "node:crypto";
import { parsePart10 } from "../../src/dicom/part10.ts";
import { SOP_CLASS, TRANSFER_SYNTAX } from "../../src/dicom/uids.ts";
import { element, evenLength, part10 } from "./hostile-dicom.ts";

/** Modality, position, orientation, and what pixels mean: all that RSNA left in its images beside UIDs and Patient ID. */
const KEPT = [
  ...["00080060", "00200032", "00200037", "00280002", "00280004", "00280010", "00280011", "00280030", "00280100"],
  ...["00280101", "00280102", "00280103", "00281050", "00281051", "00281052", "00281053", "7fe00010"],
];

/** The UID that an image in RSNA's form has instead of this one. */
export function rsnaUid(uid: string): string {
  return `ID_${createHash("sha1").update(uid).digest("hex").slice(0, 10)}`;
}

/**
 * An image as RSNA's collection gives it: UIDs that are none, no SOP Class UID in its data set, no dates, nothing about
 * the acquisition.
 * @param file Explicit VR Little Endian
 */
export function inRsnaForm(file: Uint8Array): Uint8Array {
  const dataset = parsePart10(file, "an image");
  const kept = KEPT.map((tag) => {
    const { dataOffset, length } = dataset.elements[`x${tag}`]!;
    return file.subarray(dataOffset - (tag === "7fe00010" ? 12 : 8), dataOffset + length);
  });
  const [modality, ...images] = kept as [Uint8Array, ...Uint8Array[]];
  const odd = (tag: number, from: string) => element(tag, "UI", evenLength(rsnaUid(dataset.string(from)!)));
  const elements = [
    odd(0x00080018, "x00080018"),
    modality,
    element(0x00100020, "LO", evenLength(rsnaUid("a patient"))),
    odd(0x0020000d, "x0020000d"),
    odd(0x0020000e, "x0020000e"),
    element(0x00200010, "SH", ""),
    ...images,
  ];
  return part10(
    elements,
    TRANSFER_SYNTAX.explicitLittleEndian,
    element(0x00020002, "UI", evenLength(SOP_CLASS.ctImage)),
    element(0x00020003, "UI", evenLength("2.25.1")),
  );
}
