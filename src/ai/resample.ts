/**
 * Resampling of images by separable linear filters. Blurring, interpolating and averaging along one axis are each a
 * table of weights; tables are composed first and applied once, so that a pixel is touched no more than needed.
 */

/** For each output sample along one axis: the run of input samples that it is a weighted sum of. */
export interface AxisFilter {
  inputLength: number;
  rows: AxisRow[];
}

interface AxisRow {
  start: number;
  weights: number[];
}

/** A Gaussian blur, edges mirrored without repeating the edge itself (OpenCV's BORDER_REFLECT_101). */
export function gaussianFilter(length: number, sigma: number): AxisFilter {
  const taps = Math.round(6 * sigma + 1) | 1;
  const radius = taps >> 1;
  const kernel = Array.from({ length: taps }, (_, i) => Math.exp(-((i - radius) ** 2) / (2 * sigma ** 2)));
  const total = kernel.reduce((sum, weight) => sum + weight, 0);
  const mirrored = (i: number) => (i < 0 ? -i : i >= length ? 2 * (length - 1) - i : i);
  return fromPairs(length, length, (i) =>
    kernel.map((weight, k) => [Math.min(length - 1, Math.max(0, mirrored(i + k - radius))), weight / total]),
  );
}

/** Linear interpolation at `first + i * step` input samples; outside the input lies zero. */
export function interpolationFilter(length: number, outputs: number, first: number, step: number): AxisFilter {
  return fromPairs(length, outputs, (i) => {
    const at = first + i * step;
    const left = Math.floor(at);
    return [
      [left, 1 - (at - left)],
      [left + 1, at - left],
    ];
  });
}

/** Bilinear resizing with pixel centres aligned, edges repeated. */
export function bilinearFilter(length: number, outputs: number): AxisFilter {
  const scale = length / outputs;
  return fromPairs(length, outputs, (i) => {
    const at = Math.min(length - 1, Math.max(0, (i + 0.5) * scale - 0.5));
    const left = Math.min(Math.floor(at), Math.max(0, length - 2));
    return [
      [left, 1 - (at - left)],
      [left + 1, at - left],
    ];
  });
}

/** The mean over the area that an output pixel covers (OpenCV's INTER_AREA); for enlarging, bilinear. */
export function areaFilter(length: number, outputs: number): AxisFilter {
  if (outputs > length) return bilinearFilter(length, outputs);
  const scale = length / outputs;
  return fromPairs(length, outputs, (i) => {
    const from = i * scale;
    const to = from + scale;
    const pairs: [number, number][] = [];
    for (let pixel = Math.floor(from); pixel < to - 1e-9; pixel++) {
      pairs.push([pixel, (Math.min(to, pixel + 1) - Math.max(from, pixel)) / scale]);
    }
    return pairs;
  });
}

/** `first`, then `second`, as one filter. */
export function composed(first: AxisFilter, second: AxisFilter): AxisFilter {
  const rows = second.rows.map(({ start: outerStart, weights: outer }): AxisRow => {
    const inner = first.rows.slice(outerStart, outerStart + outer.length).filter(({ weights }) => weights.length > 0);
    if (inner.length === 0) return { start: 0, weights: [] };
    const start = Math.min(...inner.map((row) => row.start));
    const end = Math.max(...inner.map((row) => row.start + row.weights.length));
    const weights = new Array<number>(end - start).fill(0);
    for (let k = 0; k < outer.length; k++) {
      const row = first.rows[outerStart + k]!;
      for (let j = 0; j < row.weights.length; j++) weights[row.start - start + j]! += outer[k]! * row.weights[j]!;
    }
    return { start, weights };
  });
  return { inputLength: first.inputLength, rows };
}

/** The same with its outputs in reverse order: a mirrored image. */
export function reversed({ inputLength, rows }: AxisFilter): AxisFilter {
  return { inputLength, rows: rows.toReversed() };
}

/** Gathers (input, weight) pairs of each output into runs; pairs outside the input are dropped. */
function fromPairs(inputLength: number, outputs: number, pairsOf: (output: number) => [number, number][]): AxisFilter {
  const rows = Array.from({ length: outputs }, (_, output): AxisRow => {
    const pairs = pairsOf(output).filter(([at, weight]) => weight !== 0 && at >= 0 && at < inputLength);
    if (pairs.length === 0) return { start: 0, weights: [] };
    const positions = pairs.map(([at]) => at);
    const start = Math.min(...positions);
    const weights = new Array<number>(Math.max(...positions) - start + 1).fill(0);
    for (const [at, weight] of pairs) weights[at - start]! += weight;
    return { start, weights };
  });
  return { inputLength, rows };
}

/** An image whose pixels are looked up in a table before they are filtered. */
export interface TabledImage {
  pixels: Int16Array;
  columns: number;
  /** Value of pixel p at index p + 32768. */
  table: Float32Array;
}

/** Kept from image to image: half a megabyte each time would only make garbage. */
let scratch = new Float32Array(0);

/** Filters an image along both axes; the answer has `alongY.rows.length` rows of `alongX.rows.length` values. */
export function resample(
  { pixels, columns, table }: TabledImage,
  alongX: AxisFilter,
  alongY: AxisFilter,
): Float32Array {
  const width = alongX.rows.length;
  const height = alongY.rows.length;
  const used = alongY.rows.filter(({ weights }) => weights.length > 0);
  const output = new Float32Array(width * height);
  if (used.length === 0) return output;
  const firstLine = Math.min(...used.map(({ start }) => start));
  const lastLine = Math.max(...used.map(({ start, weights }) => start + weights.length - 1));

  const x = flattened(alongX);
  const numbers = (lastLine - firstLine + 1) * width;
  if (scratch.length < numbers) scratch = new Float32Array(numbers);
  const narrowed = scratch;
  const line = new Float32Array(columns);
  for (let y = firstLine; y <= lastLine; y++) {
    const from = y * columns;
    for (let i = 0; i < columns; i++) line[i] = table[pixels[from + i]! + 32768]!;
    const to = (y - firstLine) * width;
    for (let i = 0; i < width; i++) {
      const start = x.starts[i]!;
      const end = x.ends[i]!;
      let sum = 0;
      for (let k = x.offsets[i]!, at = start; at < end; at++, k++) sum += x.weights[k]! * line[at]!;
      narrowed[to + i] = sum;
    }
  }

  for (let j = 0; j < height; j++) {
    const { start, weights } = alongY.rows[j]!;
    const to = j * width;
    for (let k = 0; k < weights.length; k++) {
      const weight = weights[k]!;
      const from = (start + k - firstLine) * width;
      for (let i = 0; i < width; i++) output[to + i]! += weight * narrowed[from + i]!;
    }
  }
  return output;
}

interface FlatFilter {
  offsets: Int32Array;
  starts: Int32Array;
  ends: Int32Array;
  weights: Float32Array;
}

const flatFilters = new WeakMap<AxisFilter, FlatFilter>();

/** Made once per filter: most are used for many slices. */
function flattened(filter: AxisFilter): FlatFilter {
  const flat = flatFilters.get(filter) ?? flatten(filter);
  flatFilters.set(filter, flat);
  return flat;
}

function flatten({ rows }: AxisFilter): FlatFilter {
  const offsets = new Int32Array(rows.length);
  let total = 0;
  for (const [i, { weights }] of rows.entries()) {
    offsets[i] = total;
    total += weights.length;
  }
  return {
    offsets,
    starts: Int32Array.from(rows, ({ start }) => start),
    ends: Int32Array.from(rows, ({ start, weights }) => start + weights.length),
    weights: Float32Array.from(rows.flatMap(({ weights }) => weights)),
  };
}
