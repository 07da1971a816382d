import { type BitstreamReader, broken } from "./coded-image.ts";

/** Where the image and its tiles lie on the reference grid (ISO/IEC 15444-1 B.2, B.3). */
export interface ReferenceGrid {
  left: number;
  top: number;
  right: number;
  bottom: number;
  tilesLeft: number;
  tilesTop: number;
  tileColumns: number;
  tileRows: number;
}

/** What of the coding style (COD) says how many packets there are. */
interface CodingStyle {
  layers: number;
  /** Exponents of the precinct size for each resolution, the lowest first. */
  precincts: { width: number; height: number }[];
}

/** Without sizes of their own, precincts are as large as they can be (table A.21). */
const WHOLE_PRECINCT = 15;

export function tileCount(grid: ReferenceGrid): number {
  const across = Math.ceil((grid.right - grid.tilesLeft) / grid.tileColumns);
  return across * Math.ceil((grid.bottom - grid.tilesTop) / grid.tileRows);
}

/** `at` is that of the segment's length, Lcod (A.6.1). */
export function readCodingStyle(reader: BitstreamReader, at: number): CodingStyle {
  const hasPrecincts = (reader.uint8(at + 2) & 1) !== 0;
  const levels = reader.uint8(at + 7);
  if (levels > 32) throw broken(`it has ${levels} decomposition levels`);
  const precincts = Array.from({ length: levels + 1 }, (_, resolution) => {
    const size = hasPrecincts ? reader.uint8(at + 12 + resolution) : (WHOLE_PRECINCT << 4) + WHOLE_PRECINCT;
    return { width: size & 0x0f, height: size >> 4 };
  });
  return { layers: reader.uint16(at + 4), precincts };
}

/** The packets of all tiles (B.12): one for each layer of each precinct of each resolution. */
export function packetCount(grid: ReferenceGrid, { layers, precincts }: CodingStyle): number {
  let count = 0;
  for (let tileTop = grid.tilesTop; tileTop < grid.bottom; tileTop += grid.tileRows) {
    for (let tileLeft = grid.tilesLeft; tileLeft < grid.right; tileLeft += grid.tileColumns) {
      const [left, right] = [Math.max(tileLeft, grid.left), Math.min(tileLeft + grid.tileColumns, grid.right)];
      const [top, bottom] = [Math.max(tileTop, grid.top), Math.min(tileTop + grid.tileRows, grid.bottom)];
      for (const [resolution, { width, height }] of precincts.entries()) {
        const scale = 2 ** (precincts.length - 1 - resolution);
        count += precinctsAlong(left, right, scale, width) * precinctsAlong(top, bottom, scale, height);
      }
    }
  }
  return count * layers;
}

/** Equation B-16, along one axis. */
function precinctsAlong(from: number, to: number, scale: number, exponent: number): number {
  const [first, end] = [Math.ceil(from / scale), Math.ceil(to / scale)];
  return end > first ? Math.ceil(end / 2 ** exponent) - Math.floor(first / 2 ** exponent) : 0;
}
