import { hash } from "node:crypto";
import { type Warning, warning } from "../contract/warning.ts";
import type { LocatedInstance } from "./file-header.ts";
import { readWhole } from "./folder-files.ts";
import { PIXEL_DATA, parsePart10, transferSyntaxOf, valueBytes } from "./part10.ts";
import type { InstanceHeader } from "./source.ts";

/** Objects that are stored more than once under one SOP Instance UID, as copies or by mistake. */

/** Each object once, the first of its copies; a warning where two objects are not the same image. */
export async function withoutCopies(
  instances: LocatedInstance[],
): Promise<{ instances: LocatedInstance[]; warnings: Warning[] }> {
  const first = new Map<string, LocatedInstance>();
  const warnings: Warning[] = [];
  for (const instance of instances) {
    const { sopInstanceUid } = instance.headers[0]!;
    const known = first.get(sopInstanceUid);
    if (known === undefined) first.set(sopInstanceUid, instance);
    else if (!(await isSameImage(known, instance))) {
      const message = `${known.file} and ${instance.file} are different images with one UID, ${sopInstanceUid}; the second is not read`;
      warnings.push(warning("instance-ambiguous", message, "an image whose UID is another's not read"));
    }
  }
  return { instances: [...first.values()], warnings };
}

async function isSameImage(one: LocatedInstance, other: LocatedInstance): Promise<boolean> {
  if (place(one.headers) !== place(other.headers)) return false;
  try {
    // One after the other: they may be large.
    const pixels = await pixelsOf(one.file);
    const otherPixels = await pixelsOf(other.file);
    // The same image in another transfer syntax has other bytes; its header has been compared.
    return pixels.transferSyntax !== otherPixels.transferSyntax || pixels.hash === otherPixels.hash;
  } catch {
    return false;
  }
}

/** What is the same in all copies of an image, whoever stored it. */
function place(headers: InstanceHeader[]): string {
  return JSON.stringify(
    headers.map(({ seriesInstanceUid, rows, columns, imagePositionMm, imageOrientation }) => [
      seriesInstanceUid,
      rows,
      columns,
      imagePositionMm,
      imageOrientation,
    ]),
  );
}

async function pixelsOf(file: string): Promise<{ transferSyntax: string; hash: string }> {
  const dataset = parsePart10(await readWhole(file), file);
  const element = dataset.elements[PIXEL_DATA];
  const bytes = element === undefined ? new Uint8Array(0) : valueBytes(dataset, element);
  return { transferSyntax: transferSyntaxOf(dataset), hash: hash("sha256", bytes) };
}
