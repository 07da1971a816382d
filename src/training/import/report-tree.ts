import { type Attributes, attributesOfDataSet } from "../../dicom/attributes.ts";
import { parsePart10 } from "../../dicom/part10.ts";

/** A coded entry of a structured report (PS3.3 8). */
export interface Code {
  value: string;
  scheme: string;
  meaning: string;
}

/** A content item (PS3.3 C.17.3), as far as labels need it. */
export interface Item {
  valueType: string;
  name: Code | null;
  /** Of a CODE item. */
  code: Code | null;
  /** Of TEXT and PNAME items; "" for others. */
  text: string;
  /** Of an IMAGE item, as `instanceKey` names images: one for each frame it refers to. */
  images: string[];
  children: Item[];
}

export interface Report {
  sop: string;
  study: string;
  patientId: string;
  /** YYYY-MM-DDThh:mm:ss with its offset where the report says it; "" when unknown. */
  at: string;
  root: Item;
}

/** A report made deeper than this is not one. */
const DEEPEST = 30;

/**
 * A DICOM file as a structured report; null when it is something else.
 * @throws VigilError dicom-unreadable
 */
export function readReport(bytes: Uint8Array, where: string): Report | null {
  const document = attributesOfDataSet(parsePart10(bytes, where));
  const text = (tag: string) => document.texts(tag)[0] ?? "";
  if (text("00080060") !== "SR" || document.items("0040A730").length === 0) return null;
  const at = isoDateTime(text("00080023"), text("00080033"), text("00080201"));
  return { sop: text("00080018"), study: text("0020000D"), patientId: text("00100020"), at, root: itemOf(document, 0) };
}

function itemOf(item: Attributes, depth: number): Item {
  const references = item.items("00081199").flatMap((reference) => {
    const [sop] = reference.texts("00081155");
    if (sop === undefined || sop === "") return [];
    const frames = reference.texts("00081160").filter((frame) => frame !== "");
    return frames.length === 0 ? [sop] : frames.map((frame) => `${sop}#${Number(frame)}`);
  });
  return {
    valueType: item.texts("0040A040")[0] ?? "",
    name: codeOf(item.items("0040A043")[0]),
    code: codeOf(item.items("0040A168")[0]),
    text: item.texts("0040A160").join("\\") || item.texts("0040A123").join("\\"),
    images: references,
    children: depth === DEEPEST ? [] : item.items("0040A730").map((child) => itemOf(child, depth + 1)),
  };
}

function codeOf(code: Attributes | undefined): Code | null {
  if (code === undefined) return null;
  const text = (tag: string) => code.texts(tag)[0] ?? "";
  return { value: text("00080100") || text("00080119"), scheme: text("00080102"), meaning: text("00080104") };
}

function isoDateTime(date: string, time: string, offset: string): string {
  if (!/^\d{8}$/.test(date)) return "";
  const day = `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}`;
  if (!/^\d{6}/.test(time)) return day;
  const zone = /^[+-]\d{4}$/.test(offset) ? `${offset.slice(0, 3)}:${offset.slice(3)}` : "";
  return `${day}T${time.slice(0, 2)}:${time.slice(2, 4)}:${time.slice(4, 6)}${zone}`;
}
