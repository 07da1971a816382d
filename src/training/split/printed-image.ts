import type { ImagePrints } from "./image-print.ts";

export interface FileToPrint {
  file: string;
  /** Whether they were exported in one window. */
  arePictures: boolean;
}

/** What one image is recognised by. */
export interface PrintedImage {
  key: string;
  /** null for an image of air, which everybody's are. */
  hash: number | null;
  /** null also where too little of a head is seen to tell it from others. */
  prints: ImagePrints | null;
}
