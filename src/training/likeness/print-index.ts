import { mirrored, PRINT_WORDS, type Print } from "./image-print.ts";

/** Prints of copies of an image differ by some bits; those of two heads by a hundred, seldom by less than forty. */
const MOST_DIFFERENT_BITS = 30;
/** Of the 64 lowest frequencies: what candidates are looked up by. */
const MOST_DIFFERENT_LOW_BITS = 7;
const LOW_WORDS = 2;
const CHUNKS = 4;
const CHUNK_VALUES = 1 << 16;

/**
 * Finds prints that are nearly the same among any number. Of 64 bits in four parts of 16, two prints with at most 7 different
 * ones have a part with at most one (Norouzi, Punjani and Fleet 2012): only prints with such a part are compared. Takes 48
 * bytes a print.
 */
export class PrintIndex {
  #prints = new Uint32Array(1024 * PRINT_WORDS);
  #next = new Int32Array(1024 * CHUNKS);
  readonly #first = new Int32Array(CHUNKS * CHUNK_VALUES).fill(-1);
  #size = 0;

  add(print: Print): void {
    const number = this.#size++;
    if (this.#prints.length < this.#size * PRINT_WORDS) this.#grow();
    this.#prints.set(print, number * PRINT_WORDS);
    for (let chunk = 0; chunk < CHUNKS; chunk++) {
      const bucket = chunk * CHUNK_VALUES + chunkOf(print, chunk);
      this.#next[number * CHUNKS + chunk] = this.#first[bucket]!;
      this.#first[bucket] = number;
    }
  }

  /** The number of the print, in the order of adding, that looks most like this one or its mirror image. */
  nearest(print: Print, isWanted: (number: number) => boolean): { number: number; bits: number } | null {
    let best: { number: number; bits: number } | null = null;
    for (const query of [print, mirrored(print)]) {
      for (const number of this.#candidates(query)) {
        const bits = this.#distance(query, number, best?.bits ?? MOST_DIFFERENT_BITS + 1);
        if (bits < (best?.bits ?? MOST_DIFFERENT_BITS + 1) && isWanted(number)) best = { number, bits };
      }
    }
    return best;
  }

  *#candidates(query: Print): Generator<number> {
    for (let chunk = 0; chunk < CHUNKS; chunk++) {
      const value = chunkOf(query, chunk);
      for (let flip = -1; flip < 16; flip++) {
        const bucket = chunk * CHUNK_VALUES + (flip < 0 ? value : value ^ (1 << flip));
        for (let at = this.#first[bucket]!; at >= 0; at = this.#next[at * CHUNKS + chunk]!) yield at;
      }
    }
  }

  /** Counts no further than `limit`. */
  #distance(query: Print, number: number, limit: number): number {
    const from = number * PRINT_WORDS;
    let bits = 0;
    for (let i = 0; i < PRINT_WORDS; i++) {
      bits += ones(query[i]! ^ this.#prints[from + i]!);
      if (bits >= limit || (i === LOW_WORDS - 1 && bits > MOST_DIFFERENT_LOW_BITS)) return limit;
    }
    return bits;
  }

  #grow(): void {
    const [prints, next] = [this.#prints, this.#next];
    this.#prints = new Uint32Array(2 * prints.length);
    this.#prints.set(prints);
    this.#next = new Int32Array(2 * next.length);
    this.#next.set(next);
  }
}

function chunkOf(print: Print, chunk: number): number {
  return (print[chunk >> 1]! >>> (16 * (chunk & 1))) & 0xffff;
}

function ones(word: number): number {
  let v = word - ((word >>> 1) & 0x55555555);
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
  return Math.imul((v + (v >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
