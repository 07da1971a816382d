/**
 * Private elements that are known to name nobody, of the CT scanners in the field: PS3.15 2024e, Table E.3.10-1. Every
 * other private element goes.
 */
const SAFE = [
  { creator: "GEMS_ACQU_01", group: "0019", element: "23", vr: "DS", name: "Table Speed" },
  { creator: "GEMS_ACQU_01", group: "0019", element: "24", vr: "DS", name: "Mid Scan Time" },
  { creator: "GEMS_ACQU_01", group: "0019", element: "27", vr: "DS", name: "Rotation Speed" },
  { creator: "GEMS_SERS_01", group: "0025", element: "07", vr: "SL", name: "Images in Series" },
  { creator: "GEMS_PARM_01", group: "0043", element: "27", vr: "SH", name: "Scan Pitch Ratio" },
  { creator: "GEMS_HELIOS_01", group: "0045", element: "01", vr: "SS", name: "Number of Macro Rows in Detector" },
  { creator: "GEMS_HELIOS_01", group: "0045", element: "02", vr: "FL", name: "Macro Width at ISO Center" },
  { creator: "ELSCINT1", group: "00e1", element: "21", vr: "DS", name: "DLP" },
  { creator: "ELSCINT1", group: "00e1", element: "50", vr: "DS", name: "Acquisition Duration" },
  { creator: "ELSCINT1", group: "01e1", element: "26", vr: "CS", name: "Phantom Type" },
  { creator: "ELSCINT1", group: "01f1", element: "01", vr: "CS", name: "Acquisition Type" },
  { creator: "ELSCINT1", group: "01f1", element: "07", vr: "DS", name: "Table Velocity" },
  { creator: "ELSCINT1", group: "01f1", element: "26", vr: "DS", name: "Pitch" },
  { creator: "ELSCINT1", group: "01f1", element: "27", vr: "DS", name: "Rotation Time" },
] as const;

export interface SafePrivate {
  creator: string;
  vr: string;
  name: string;
}

const BY_PLACE = new Map<string, SafePrivate>(SAFE.map((row) => [`${row.group} ${row.element} ${row.creator}`, row]));

/** @param tag as `xggggeeee` @param creator that of its block */
export function safePrivate(tag: string, creator: string): SafePrivate | undefined {
  return BY_PLACE.get(`${tag.slice(1, 5)} ${tag.slice(7)} ${creator}`);
}

/** Where the creator of an element's block stands; undefined for an element outside all blocks (PS3.5 7.8.1). */
export function creatorTag(tag: string): string | undefined {
  const block = tag.slice(5, 7);
  return block < "10" ? undefined : `${tag.slice(0, 5)}00${block}`;
}
