import { headFinder } from "../../ai/head-box.ts";
import { type AxisFilter, areaFilter, composed, interpolationFilter, resample } from "../../ai/resample.ts";

/**
 * What an image looks like in 256 bits, whatever its size and window: the signs of the lowest frequencies of its cosine
 * transform, the lowest of all (the mean) left out. Zauner 2010 calls this a perceptual hash; signs instead of a comparison
 * with the median make the print of a mirrored image known: every odd frequency along x changes its sign.
 */
export type Print = Uint32Array;

/** Prints of the whole image, and of the head in it, which stays the same when air around it is cut off. */
export interface ImagePrints {
  whole: Print;
  head: Print;
}

export interface SmallImages {
  whole: Float32Array;
  head: Float32Array;
}

export const PRINT_WORDS = 8;
export const SIZE = 64;
/** Drawn larger first, so that averaging takes out noise. */
const DRAWN = 4 * SIZE;
/** HU of soft tissue: what every window of the head shows. */
const [DARKEST_HU, BRIGHTEST_HU] = [-20, 100];
const [FROM_HU, TO_HU] = [0, 80];

/** Frequencies (along x, along y), lowest first, without the mean. */
const FREQUENCIES = Array.from({ length: SIZE * SIZE }, (_, i) => ({ u: i % SIZE, v: Math.floor(i / SIZE) }))
  .sort((a, b) => a.u + a.v - (b.u + b.v) || a.u - b.u)
  .slice(1, 1 + 32 * PRINT_WORDS);
const HIGHEST = Math.max(...FREQUENCIES.map(({ u, v }) => Math.max(u, v))) + 1;

const COSINES = Array.from({ length: HIGHEST }, (_, frequency) =>
  Float64Array.from({ length: SIZE }, (_, x) => Math.cos((Math.PI * (x + 0.5) * frequency) / SIZE)),
);

const TABLE = Float32Array.from({ length: 65536 }, (_, i) => Math.min(TO_HU, Math.max(FROM_HU, i - 32768)));

/** The print that an image has when it is mirrored. */
export function mirrored(print: Print): Print {
  return print.map((word, i) => word ^ MIRROR[i]!);
}

const MIRROR = packed(FREQUENCIES.map(({ u }) => u % 2 === 1));

const finders = new Map<string, ReturnType<typeof headFinder>>();

/** The image and the head in it, each 64 x 64, in HU from 0 to 80; null where no head stands out, such as in air. */
export function smallImages(hu: Int16Array, rows: number, columns: number): SmallImages | null {
  const stretched = stretchedHu(hu);
  if (stretched === null) return null;
  const size = `${rows} ${columns}`;
  const findHead = finders.get(size) ?? headFinder(rows, columns);
  finders.set(size, findHead);
  const box = findHead(stretched);
  if (box === null) return null;
  const small = (alongX: AxisFilter, alongY: AxisFilter) =>
    resample({ pixels: stretched, columns, table: TABLE }, alongX, alongY);
  return {
    whole: small(reduced(columns, columns / 2, columns), reduced(rows, rows / 2, rows)),
    head: small(reduced(columns, box.centreX, box.width), reduced(rows, box.centreY, box.height)),
  };
}

export function printsOf({ whole, head }: SmallImages): ImagePrints {
  return { whole: packed(signs(whole)), head: packed(signs(head)) };
}

/** Of an image exported in another window its darkest and brightest grey are air and bone all the same. */
function stretchedHu(hu: Int16Array): Int16Array | null {
  let [darkest, brightest] = [BRIGHTEST_HU, DARKEST_HU];
  for (let i = 0; i < hu.length; i++) {
    const value = Math.min(BRIGHTEST_HU, Math.max(DARKEST_HU, hu[i]!));
    if (value < darkest) darkest = value;
    if (value > brightest) brightest = value;
  }
  if (brightest <= darkest) return null;
  const scale = (BRIGHTEST_HU - DARKEST_HU) / (brightest - darkest);
  const stretched = new Int16Array(hu.length);
  for (let i = 0; i < hu.length; i++) {
    const value = Math.min(brightest, Math.max(darkest, hu[i]!));
    stretched[i] = Math.round((value - darkest) * scale + DARKEST_HU);
  }
  return stretched;
}

function reduced(length: number, centre: number, side: number): AxisFilter {
  const step = side / DRAWN;
  return composed(
    interpolationFilter(length, DRAWN, centre - side / 2 + step / 2 - 0.5, step),
    areaFilter(DRAWN, SIZE),
  );
}

function signs(image: Float32Array): boolean[] {
  const rows = new Float64Array(HIGHEST * SIZE);
  for (let u = 0; u < HIGHEST; u++) {
    const cosine = COSINES[u]!;
    for (let y = 0; y < SIZE; y++) {
      let sum = 0;
      for (let x = 0; x < SIZE; x++) sum += cosine[x]! * image[y * SIZE + x]!;
      rows[u * SIZE + y] = sum;
    }
  }
  return FREQUENCIES.map(({ u, v }) => {
    const cosine = COSINES[v]!;
    let sum = 0;
    for (let y = 0; y < SIZE; y++) sum += cosine[y]! * rows[u * SIZE + y]!;
    return sum > 0;
  });
}

function packed(bits: boolean[]): Print {
  const print = new Uint32Array(PRINT_WORDS);
  for (const [i, bit] of bits.entries()) if (bit) print[i >> 5]! |= 1 << (i & 31);
  return print;
}
