import type { Orientation } from "../dicom/geometry.ts";

/**
 * How a stored slice is turned to the usual view, the patient's right on the left and the face on top, as far as
 * quarter turns and mirroring go: what models learnt from. A head that lies askew stays askew.
 */
export interface Turn {
  /** The view's rows are the columns of the stored slice. */
  transposed: boolean;
  /** The view's x, then its y, runs against the stored slice. */
  mirrored: { x: boolean; y: boolean };
}

export function turnOf([rowX, rowY, , columnX, columnY]: Orientation): Turn {
  const transposed = Math.abs(rowX) < Math.abs(rowY);
  return { transposed, mirrored: transposed ? { x: columnX < 0, y: rowY < 0 } : { x: rowX < 0, y: columnY < 0 } };
}

/** A place of the stored slice in the view; both as shares of the width and of the height, from the top left. */
export function inView({ transposed, mirrored }: Turn, [x, y]: [number, number]): [number, number] {
  const [across, down] = transposed ? [y, x] : [x, y];
  return [mirrored.x ? 1 - across : across, mirrored.y ? 1 - down : down];
}
