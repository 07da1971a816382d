import { type Warning, warning } from "../../contract/warning.ts";
import { type Head, lostScans } from "./acquisitions.ts";
import type { JudgedSeries } from "./judge.ts";
import { namesVirtualNative } from "./words.ts";

/** Fewer images without a position are pages of text or key images. */
const MIN_UNPLACED_IMAGES = 8;

/**
 * Native heads of a study that are not read although others are. Contrast-enhanced heads, localizers and reformats beside
 * a native head are none, nor is what was computed from a contrast-enhanced one.
 * @param beyond readable heads that are left out: more than are read, or perhaps with contrast
 */
export function unreadHeads(judged: JudgedSeries[], heads: Head[], beyond: Head[]): Warning[] {
  const lost = judged.filter(({ headLost, facts }) => headLost && isHead(facts));
  const native = beyond
    .map((head) => head[0]![0]!)
    .filter(({ facts }) => !namesVirtualNative(facts.header.seriesDescription));
  return [
    ...native.map((series) => unread(series, series.lastResort ? series.reasons[0]! : "too many heads in one study")),
    ...lostScans(lost, [...heads, ...beyond].flat(2)).map((series) => unread(series, series.reasons[0]!)),
  ];
}

/** Several images of one place watch something arrive. */
function isHead({ images, places, plane }: JudgedSeries["facts"]): boolean {
  return plane === "unknown" ? images >= MIN_UNPLACED_IMAGES : places > 1 || images === 1;
}

function unread({ facts }: JudgedSeries, why: string): Warning {
  const { header, seriesInstanceUid, images } = facts;
  const name = header.seriesNumber === null ? `series ${seriesInstanceUid}` : `series ${header.seriesNumber}`;
  const slices = images === 1 ? "1 slice" : `${images} slices`;
  return warning(
    "head-unread",
    `The study has a head CT that was not read, ${name}: ${why}.`,
    `${slices} of ${name} not read`,
  );
}
