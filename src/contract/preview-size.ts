/** Rows and columns of a preview image. A file of its own, without zod, so that the viewer can use it too. */
export const PREVIEW_PIXELS = 256;
