/** A mask of an image, 32 cells to a word: what is done to a word is done to 32 cells at once. */
export interface BitMask {
  columns: number;
  rows: number;
  wordsPerRow: number;
  /** rows x wordsPerRow, the first cell in the lowest bit; bits beyond the last column are 0. */
  words: Int32Array;
}

/** What hangs together in a mask: the number of its cells, and the first and last column and row. */
export interface MaskPart {
  cells: number;
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** Of cells whose value is at least that. */
export function maskOf(values: Float32Array, columns: number, leastValue: number): BitMask {
  const rows = values.length / columns;
  const wordsPerRow = Math.ceil(columns / 32);
  const words = new Int32Array(rows * wordsPerRow);
  for (let y = 0, at = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++, at++) {
      if (values[at]! >= leastValue) words[y * wordsPerRow + (x >> 5)]! |= 1 << (x & 31);
    }
  }
  return { columns, rows, wordsPerRow, words };
}

/** Opening with a 7 x 7 ellipse: what does not hold it whole goes. Beyond the image counts as inside: edges stay. */
export function opened(mask: BitMask): BitMask {
  const eroded = inverted(widened(inverted(mask)));
  return widened(eroded);
}

function inverted(mask: BitMask): BitMask {
  return withinColumns({ ...mask, words: mask.words.map((word) => ~word) });
}

/** Clears the bits beyond the last column. */
function withinColumns(mask: BitMask): BitMask {
  const { columns, wordsPerRow, words } = mask;
  if (columns % 32 === 0) return mask;
  for (let i = wordsPerRow - 1; i < words.length; i += wordsPerRow) words[i]! &= (1 << (columns % 32)) - 1;
  return mask;
}

/** Widens what is inside by the ellipse, whose rows reach 0, 2, 3, 3, 3, 2 and 0 cells to both sides. */
function widened(mask: BitMask): BitMask {
  const { wordsPerRow, words } = mask;
  const two = new Int32Array(words.length);
  const three = new Int32Array(words.length);
  for (let i = 0; i < words.length; i++) {
    const column = i % wordsPerRow;
    const word = words[i]!;
    const before = column === 0 ? 0 : words[i - 1]!;
    const behind = column === wordsPerRow - 1 ? 0 : words[i + 1]!;
    const up = (word << 1) | (before >>> 31) | (word << 2) | (before >>> 30);
    const down = (word >>> 1) | (behind << 31) | (word >>> 2) | (behind << 30);
    two[i] = word | up | down;
    three[i] = two[i]! | (word << 3) | (before >>> 29) | (word >>> 3) | (behind << 29);
  }
  const output = new Int32Array(words.length);
  for (let i = 0; i < words.length; i++) {
    // Rows beyond the image read as undefined, which is 0 to an OR.
    const near = three[i - wordsPerRow]! | three[i]! | three[i + wordsPerRow]!;
    const further = two[i - 2 * wordsPerRow]! | two[i + 2 * wordsPerRow]!;
    output[i] = near | further | words[i - 3 * wordsPerRow]! | words[i + 3 * wordsPerRow]!;
  }
  return withinColumns({ ...mask, words: output });
}

/** Cells of one row side by side, from `start` up to `end`. The first run of a part stands for it. */
interface Run extends MaskPart {
  start: number;
  end: number;
  parent: Run | null;
}

/** Cells touch by their sides, not by their corners; of equally large parts the first. */
export function largestPart(mask: BitMask): MaskPart | null {
  const all: Run[] = [];
  let above: Run[] = [];
  for (let y = 0; y < mask.rows; y++) {
    const runs = runsOf(mask, y);
    for (let i = 0, j = 0; i < runs.length && j < above.length; ) {
      const [run, other] = [runs[i]!, above[j]!];
      if (run.start < other.end && other.start < run.end) join(firstOf(other), firstOf(run));
      if (run.end < other.end) i++;
      else j++;
    }
    all.push(...runs);
    above = runs;
  }
  let largest: Run | null = null;
  for (const run of all) if (run.parent === null && (largest === null || run.cells > largest.cells)) largest = run;
  return largest;
}

function runsOf({ columns, wordsPerRow, words }: BitMask, y: number): Run[] {
  const runs: Run[] = [];
  const add = (start: number, end: number) =>
    runs.push({ start, end, parent: null, cells: end - start, left: start, right: end - 1, top: y, bottom: y });
  let start = -1;
  for (let w = 0; w < wordsPerRow; w++) {
    const word = words[y * wordsPerRow + w]!;
    // A bit where inside and outside change.
    for (let edges = word ^ ((word << 1) | (start === -1 ? 0 : 1)); edges !== 0; edges &= edges - 1) {
      const x = w * 32 + 31 - Math.clz32(edges & -edges);
      if (start === -1) start = x;
      else {
        add(start, x);
        start = -1;
      }
    }
  }
  if (start !== -1) add(start, columns);
  return runs;
}

function firstOf(run: Run): Run {
  let first = run;
  while (first.parent !== null) first = first.parent;
  return first;
}

function join(a: Run, b: Run): void {
  if (a === b) return;
  const aIsFirst = a.top < b.top || (a.top === b.top && a.start < b.start);
  const [kept, gone] = aIsFirst ? [a, b] : [b, a];
  gone.parent = kept;
  kept.cells += gone.cells;
  kept.left = Math.min(kept.left, gone.left);
  kept.right = Math.max(kept.right, gone.right);
  kept.bottom = Math.max(kept.bottom, gone.bottom);
}
