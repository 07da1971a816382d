import type { ImagePrints } from "./image-print.ts";

/** A file of images to recognise again. */
export interface FileToPrint {
  file: string;
  /** Whether they were exported in one window. */
  arePictures: boolean;
}

/** One image of a file: `instanceKey`. */
export interface ImageInFile extends FileToPrint {
  key: string;
}

/** What one image is recognised by. */
export interface PrintedImage {
  key: string;
  /** null for an image of air, which everybody's are. */
  hash: number | null;
  /** null also where too little of a head is seen to tell it from others. */
  prints: ImagePrints | null;
}

/** What a thread is asked: the prints of the images of a file, or how alike two images are. */
export type PrintRequest = { print: FileToPrint } | { compare: [ImageInFile, ImageInFile] };
export type PrintAnswer = { images: PrintedImage[] } | { likeness: number };
