import { createHash } from "node:crypto";
import type { ObjectReference } from "../contract/delivery.ts";
import type { InstanceHeader } from "../dicom/source.ts";

/** What the PACS holds of a study, told apart by who made it. */
export interface Holdings {
  /** How many objects are not ours. */
  images: number;
  /** Our own objects, newest result first. */
  own: ObjectReference[];
  /** SHA-256 over the SOP Instance UIDs that a result would be made of. */
  fingerprint: string;
}

/** @param written all objects that we ever made of the study, newest result first */
export function holdingsOf(headers: InstanceHeader[], written: ObjectReference[]): Holdings {
  const present = new Set(headers.map((header) => header.sopInstanceUid));
  const ownUids = new Set(written.map((object) => object.sopInstanceUid));
  const images = headers.filter((header) => !ownUids.has(header.sopInstanceUid));
  // Only CT images can be chosen; reports of other systems need not make us score again.
  const ct = images.filter((header) => header.modality === "CT");
  const uids = uniqueUids(ct.length > 0 ? ct : images);
  return {
    images: uniqueUids(images).length,
    own: written.filter((object) => present.has(object.sopInstanceUid)),
    fingerprint: createHash("sha256").update(uids.join("\n")).digest("hex"),
  };
}

/** The frames of a multi-frame object are one. */
function uniqueUids(headers: InstanceHeader[]): string[] {
  return [...new Set(headers.map((header) => header.sopInstanceUid))].sort();
}
