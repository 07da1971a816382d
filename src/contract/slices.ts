/** Names and counts the slices of a result. Without zod, so that the viewer can use it too. */

/** Names a slice: an image of one frame, or one frame of an image. Whatever has a place in a result has these. */
export interface SliceRef {
  seriesInstanceUid: string;
  sopInstanceUid: string;
  /** From 1; null for an image of one frame. */
  frameNumber: number | null;
}

/**
 * Tells slices apart, here and in OHIF, by SOP Instance UID and frame, never by order: OHIF sorts a series in its own
 * way. OHIF gives every image a frame; that of an image of one frame is the first.
 */
export function sliceKey({ sopInstanceUid, frameNumber }: Omit<SliceRef, "seriesInstanceUid">): string {
  return `${sopInstanceUid}/${frameNumber ?? 1}`;
}

/** How people count a slice. */
export interface SliceNumber {
  /** From 1. */
  number: number;
  of: number;
}

/** By slice key. */
export type SliceNumbers = ReadonlyMap<string, SliceNumber>;

/** The slices that were read, by Series Instance UID, each series from its lowest slice up. */
export function slicesBySeries<Slice extends SliceRef & { positionMm: number }>(
  slices: readonly Slice[],
): Map<string, Slice[]> {
  const bySeries = Map.groupBy(slices, ({ seriesInstanceUid }) => seriesInstanceUid);
  for (const ofSeries of bySeries.values()) ofSeries.sort((a, b) => a.positionMm - b.positionMm);
  return bySeries;
}

/** The one way to count slices, in panel, image, report and terminal: within their series, from the lowest one up. */
export function sliceNumbers(slices: readonly (SliceRef & { positionMm: number })[]): SliceNumbers {
  return new Map(
    [...slicesBySeries(slices).values()].flatMap((ofSeries) =>
      ofSeries.map((slice, index): [string, SliceNumber] => [
        sliceKey(slice),
        { number: index + 1, of: ofSeries.length },
      ]),
    ),
  );
}
