import { areaFilter, resample } from "../../ai/resample.ts";
import { windowTable } from "../../ai/window.ts";
import { BRAIN_WINDOW, type CtWindow } from "../../contract/window.ts";
import type { CtSlice } from "../../dicom/slice.ts";

export const THUMBNAIL_PX = 144;

/** How the pictures of a gallery are looked at; null is the image's own first window. */
export const GALLERY_WINDOWS: { name: string; window: CtWindow | null }[] = [
  { name: "own window", window: null },
  { name: "brain 40/80", window: BRAIN_WINDOW },
  { name: "subdural 75/200", window: { center: 75, width: 200 } },
  { name: "bone 600/2800", window: { center: 600, width: 2800 } },
];

export interface Thumbnail {
  width: number;
  height: number;
  /** height x width, 8 bits grey */
  pixels: Uint8Array;
}

const tables = new Map<string, Float32Array>();

/** A slice in a window, its longer side `THUMBNAIL_PX`. An image without a window of its own is shown in the brain's. */
export function thumbnail({ rows, columns, hu, windowHu }: CtSlice, window: CtWindow | null): Thumbnail {
  const scale = THUMBNAIL_PX / Math.max(rows, columns);
  const [width, height] = [Math.max(1, Math.round(columns * scale)), Math.max(1, Math.round(rows * scale))];
  const table = tableOf(window ?? windowHu ?? BRAIN_WINDOW);
  const shares = resample({ pixels: hu, columns, table }, areaFilter(columns, width), areaFilter(rows, height));
  return { width, height, pixels: Uint8Array.from(shares, (share) => Math.round(share * 255)) };
}

function tableOf(window: CtWindow): Float32Array {
  const key = `${window.center}/${window.width}`;
  const table = tables.get(key) ?? windowTable(window);
  if (tables.size < 64) tables.set(key, table);
  return table;
}
