import { english } from "../../../src/contract/translate.ts";
import { BRAIN_WINDOW, type CtWindow } from "../../../src/contract/window.ts";

/** The windows in which a head CT is read, each on the key of its place. */

export interface NamedWindow {
  id: string;
  name: string;
  /** null: the one that the image brings along. */
  hu: CtWindow | null;
}

export const WINDOWS = [
  { id: "brain", name: english("Brain"), hu: BRAIN_WINDOW },
  { id: "subdural", name: english("Subdural"), hu: { center: 75, width: 200 } },
  { id: "stroke", name: english("Stroke"), hu: { center: 40, width: 40 } },
  { id: "bone", name: english("Bone"), hu: { center: 600, width: 2800 } },
  { id: "own", name: english("Image's own"), hu: null },
] as const satisfies NamedWindow[];

export type WindowId = (typeof WINDOWS)[number]["id"];
