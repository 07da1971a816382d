import type { Attributes } from "./attributes.ts";
import { leadingDecimal } from "./decimal.ts";

/**
 * The frames of an image, each with its attributes in the same tags as those of a single-frame image, whatever
 * functional group (PS3.3 C.7.6.16 and C.8.15.3) they stand in.
 */

/** Images of more frames are no head, or lie. */
export const MAX_FRAMES = 4000;

const PER_FRAME_GROUPS = "52009230";
const SHARED_GROUPS = "52009229";

/** The functional group that holds an attribute. */
const GROUP_OF: Record<string, string> = {
  "00200032": "00209113", // Plane Position (Patient)
  "00200037": "00209116", // Plane Orientation (Patient)
  "00280030": "00289110", // Pixel Measures
  "00180050": "00289110",
  "00281052": "00289145", // Pixel Value Transformation
  "00281053": "00289145",
  "00281054": "00289145",
  "00281050": "00289132", // Frame VOI LUT
  "00281051": "00289132",
  "00089007": "00189329", // CT Image Frame Type
  "00209156": "00209111", // Frame Content
  "00189074": "00209111",
  "00180060": "00189325", // CT X-Ray Details
  "00181120": "00189304", // CT Acquisition Details
  "00181210": "00189314", // CT Reconstruction
  "00082218": "00209071", // Frame Anatomy
  "00189342": "00189341", // Contrast/Bolus Usage
};

/** Legacy Converted images keep here what fits no functional group (PS3.3 C.7.6.16.2.27 and 28). */
const UNASSIGNED = { perFrame: "00209171", shared: "00209170" };

/** One value for all frames would put them all in one place. */
const NEVER_OF_THE_WHOLE = new Set(["00200032", "00200037", "00280030", "00180050"]);

/** Number of Frames; where it is missing, as many as Per-Frame Functional Groups describe, else 1. */
export function numberOfFrames(image: Attributes): number {
  const declared = leadingDecimal(image.texts("00280008")[0] ?? "");
  if (declared !== null && declared >= 1) return Math.floor(declared);
  return Math.max(1, image.items(PER_FRAME_GROUPS).length);
}

/**
 * One for each frame, in order. An image of more than MAX_FRAMES is given as one, without a place: no list that long
 * is made because a number in a file says so.
 */
export function framesOf(image: Attributes): Attributes[] {
  const count = numberOfFrames(image);
  const perFrame = image.items(PER_FRAME_GROUPS);
  const [shared] = image.items(SHARED_GROUPS);
  if (count === 1 && perFrame.length === 0 && shared === undefined) return [image];
  if (count > MAX_FRAMES) return [frameOf(image, undefined, undefined, true)];
  return Array.from({ length: count }, (_, i) => frameOf(image, perFrame[i], shared, count > 1));
}

function frameOf(
  image: Attributes,
  perFrame: Attributes | undefined,
  shared: Attributes | undefined,
  isOneOfMany: boolean,
): Attributes {
  const inGroups = <T>(tag: string, read: (group: Attributes) => T[]): T[] => {
    const places: [Attributes | undefined, string | undefined][] = [
      [perFrame, GROUP_OF[tag]],
      [perFrame, UNASSIGNED.perFrame],
      [shared, GROUP_OF[tag]],
      [shared, UNASSIGNED.shared],
    ];
    for (const [groups, sequence] of places) {
      const group = sequence === undefined ? undefined : groups?.items(sequence)[0];
      const values = group === undefined ? [] : read(group);
      if (values.length > 0) return values;
    }
    return isOneOfMany && NEVER_OF_THE_WHOLE.has(tag) ? [] : read(image);
  };
  return {
    texts: (tag) => inGroups(tag, (group) => group.texts(tag)),
    items: (tag) => inGroups(tag, (group) => group.items(tag)),
  };
}
