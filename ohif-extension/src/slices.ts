/** Names a slice: an image of one frame, or one frame of an image. Whatever has a place in the API's results has these. */
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

/** How the viewer counts a slice in its stack. */
export interface SliceNumber {
  /** From 1. */
  number: number;
  of: number;
}

/** By slice key. */
export type SliceNumbers = ReadonlyMap<string, SliceNumber>;

/** Counts each stack of slices by itself. */
export function numbered(stacks: SliceRef[][]): SliceNumbers {
  return new Map(
    stacks.flatMap((slices) =>
      slices.map((slice, index): [string, SliceNumber] => [sliceKey(slice), { number: index + 1, of: slices.length }]),
    ),
  );
}
