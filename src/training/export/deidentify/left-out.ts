import type { Attributes } from "../../../dicom/attributes.ts";
import { namesCapture } from "../../../dicom/selection/words.ts";
import { SOP_CLASS } from "../../../dicom/uids.ts";

/** Which objects may leave at all: CT images without text in their pixels, and structured reports. */

const IMAGES = new Set<string>([
  SOP_CLASS.ctImage,
  SOP_CLASS.enhancedCtImage,
  SOP_CLASS.legacyConvertedEnhancedCtImage,
]);

/** Basic Text, Enhanced, Comprehensive, Comprehensive 3D, Extensible SR. */
const REPORTS = new Set(["11", "22", "33", "34", "35"].map((last) => `1.2.840.10008.5.1.4.1.1.88.${last}`));

/** Parts of Image Type (0008,0008) of pages that a scanner prints: protocols, doses, screens. */
const PRINTED = /SCREEN|SAVE|CAPTURE|REPORT|DOSE|PROT|TEXT|PRINT|PAGE|SUMMARY|EVIDENCE|CSA REPORT|GRAPH/;

export function isImage(sopClassUid: string): boolean {
  return IMAGES.has(sopClassUid);
}

/** Why an object cannot be de-identified; null when it can. */
export function reasonToLeaveOut(object: Attributes): string | null {
  const text = (tag: string) => object.texts(tag).join("\\").trim();
  const sopClass = text("00080016");
  if (REPORTS.has(sopClass)) return null;
  if (sopClass === "") return "it does not say what it is (no SOP Class UID)";
  if (!IMAGES.has(sopClass)) return "it is neither a CT image nor a structured report, and may show or hold text";
  const burnedIn = text("00280301").toUpperCase();
  if (burnedIn !== "" && burnedIn !== "NO") return "it says that text is burned into its pixels";
  if (text("00280002") !== "1") return "it is in colour, as screens and dose reports are";
  if (text("00280100") !== "16" && text("00280100") !== "8") return "its pixels have neither 8 nor 16 bits";
  const imageType = text("00080008").toUpperCase();
  if (PRINTED.test(imageType)) return "its image type says that it is a page or a screen";
  const isSecondary = imageType.split("\\")[1] === "SECONDARY";
  if (
    isSecondary &&
    /^DERIVED\\/.test(imageType) &&
    object.texts("00200037").length === 0 &&
    object.items("52009229").length === 0
  )
    return "it is derived and lies nowhere in the patient, as pages and screens do";
  if (/^(?:DF|DV|SD|SI|SYN|DRW)$/.test(text("00080064").toUpperCase()))
    return "it was captured from film, video or a screen";
  if (["0008103E", "00081030", "00181030"].some((tag) => namesCapture(text(tag))) && /^DERIVED/.test(imageType))
    return "its description says that it is a page or a screen";
  return null;
}
