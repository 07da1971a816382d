/** How often which HU occur in an image or a volume. */

const BIN_HU = 4;
/** What lies beyond the bins counts in the outermost. */
const LEAST_HU = -2048;
const BINS = 2048;
/** Every so many pixels are looked at. */
const STEP = 4;

export class HuHistogram {
  /** How many of the pixels lie below a bin. */
  readonly #below: Uint32Array;
  readonly #counts: Uint32Array;

  private constructor(counts: Uint32Array) {
    this.#counts = counts;
    this.#below = new Uint32Array(BINS + 1);
    for (let bin = 0; bin < BINS; bin++) this.#below[bin + 1] = this.#below[bin]! + counts[bin]!;
  }

  static of(hu: Int16Array): HuHistogram {
    const counts = new Uint32Array(BINS);
    for (let i = 0; i < hu.length; i += STEP) {
      const bin = Math.max(0, Math.min(BINS - 1, (hu[i]! - LEAST_HU) >> 2));
      counts[bin] = counts[bin]! + 1;
    }
    return new HuHistogram(counts);
  }

  static sum(histograms: HuHistogram[]): HuHistogram {
    const counts = new Uint32Array(BINS);
    for (const histogram of histograms) {
      for (let bin = 0; bin < BINS; bin++) counts[bin] = counts[bin]! + histogram.#counts[bin]!;
    }
    return new HuHistogram(counts);
  }

  /** How many pixels lie from `fromHu` to `toHu`. */
  count(fromHu: number, toHu: number): number {
    return this.#below[binOf(toHu)]! - this.#below[binOf(fromHu)]!;
  }

  /** The same as a share of all pixels, 0 to 1. */
  share(fromHu: number, toHu: number): number {
    return this.count(fromHu, toHu) / Math.max(1, this.#below[BINS]!);
  }

  /** Of the pixels between the two. */
  median(fromHu: number, toHu: number): number {
    const middle = this.#below[binOf(fromHu)]! + this.count(fromHu, toHu) / 2;
    const bin = this.#below.findIndex((below) => below >= middle);
    return huOf(bin - 1);
  }

  /** The most frequent HU between the two, smoothed over three bins. */
  peak(fromHu: number, toHu: number): number {
    const around = (bin: number) =>
      (this.#counts[bin - 1] ?? 0) + 2 * this.#counts[bin]! + (this.#counts[bin + 1] ?? 0);
    let best = binOf(fromHu);
    for (let bin = best; bin < binOf(toHu); bin++) if (around(bin) > around(best)) best = bin;
    return huOf(best);
  }

  /** Whether all pixels lie in one bin. */
  get isBlank(): boolean {
    const total = this.#below[BINS]!;
    return this.#counts.includes(total);
  }
}

function binOf(hu: number): number {
  return Math.max(0, Math.min(BINS, Math.floor((hu - LEAST_HU) / BIN_HU)));
}

/** The middle of a bin. */
function huOf(bin: number): number {
  return LEAST_HU + bin * BIN_HU + BIN_HU / 2;
}
