import type { TextReader } from "../../../dicom/character-set.ts";
import type { RawDataSet, RawElement } from "../../../dicom/raw-data-set.ts";
import { vrOfTag } from "../../../dicom/value-representation.ts";
import { compact, folded } from "./folded-text.ts";
import { isHarmless } from "./harmless-words.ts";
import { profileRow } from "./profile.ts";

const SHORTEST_NAME = 2;
const SHORTEST_ID = 4;
/** What is shorter stands in binary data by chance. */
const SHORTEST_TRACE_BYTES = 6;
const SHORTEST_NUMERIC_TRACE = 8;

const NAMES_AND_NUMBERS = new Set(["AE", "LO", "LT", "PN", "SH", "ST", "UC", "UR", "UT"]);

/** What one object says of people in the attributes that are there for it, so that it is found wherever else it stands. */
export class Identity {
  /** Parts of the names of people, and the rare words of addresses and institutions, as `folded` makes them. */
  readonly #words = new Set<string>();
  /** Numbers and whole names, as `compact` makes them. */
  readonly #values = new Set<string>();
  /** The same as they stand in the bytes. */
  readonly #traces = new Map<string, Buffer>();

  constructor(elements: RawDataSet, read: TextReader) {
    this.#collect(elements, read);
  }

  /** Whether a word is part of a name of this object. */
  hasWord(word: string): boolean {
    return this.#words.has(word) || this.#values.has(word);
  }

  /**
   * Whether a text holds a name or number of this object, in whatever order, case and punctuation. A word that scanners
   * are called by is none.
   */
  isIn(text: string): boolean {
    if (wordsOf(text).some((word) => this.#words.has(word) && !isHarmless(word))) return true;
    const joined = compact(text);
    return [...this.#values].some((value) => joined.includes(value));
  }

  /** A value of this object that stands in these bytes as it stood in the original, or as UTF-8. */
  leavesTraceIn(bytes: Uint8Array): boolean {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return [...this.#traces.values()].some((trace) => buffer.includes(trace));
  }

  #collect(elements: RawDataSet, read: TextReader): void {
    for (const element of elements) {
      if (!(element.value instanceof Uint8Array)) for (const item of element.value) this.#collect(item, read);
      else this.#collectValue(element, element.value, read);
    }
  }

  #collectValue({ tag, vr: said }: RawElement, bytes: Uint8Array, read: TextReader): void {
    const vr = vrOfTag(tag, false);
    const row = profileRow(tag);
    const isUid = vr === "UI" && row?.treatment === "uid";
    const isName = vr === "PN" || said === "PN";
    const isNumber =
      row !== undefined && ["remove", "empty", "replace"].includes(row.treatment) && NAMES_AND_NUMBERS.has(vr);
    if (!isUid && !isName && !isNumber && tag !== BIRTH_DATE) return;
    for (const part of split(bytes, VALUE_DELIMITERS)) {
      const text = read(part).trim();
      // An institution that is called by words of scanners only, as where somebody filled in the manufacturer.
      if (isNumber && !isName && wordsOf(text).every(isHarmless)) continue;
      this.#addTrace(part, text);
      if (!isUid) for (const piece of split(part, WORD_DELIMITERS)) this.#addTrace(piece, read(piece).trim());
      if (isUid || tag === BIRTH_DATE) continue;
      if (compact(text).length >= SHORTEST_ID) this.#values.add(compact(text));
      for (const word of wordsOf(text)) {
        const isLong = isName ? word.length >= SHORTEST_NAME : word.length >= SHORTEST_ID && !isHarmless(word);
        if (isLong && /\p{L}/u.test(word)) this.#words.add(word);
      }
    }
  }

  #addTrace(part: Uint8Array, text: string): void {
    const isNumeric = /^\d+$/.test(text);
    for (const bytes of [Buffer.from(trimmed(part)), Buffer.from(text)]) {
      const shortest = isNumeric ? SHORTEST_NUMERIC_TRACE : SHORTEST_TRACE_BYTES;
      if (bytes.length >= shortest && !isHarmless(folded(text))) this.#traces.set(bytes.toString("hex"), bytes);
    }
  }
}

const VALUE_DELIMITERS = "\\";
const WORD_DELIMITERS = " ^=,\r\n";
const BIRTH_DATE = "x00100030";

function wordsOf(text: string): string[] {
  return folded(text)
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
}

/** The values of a text; multi-byte characters may hold a byte that looks like the delimiter, which only makes more parts. */
function split(bytes: Uint8Array, delimiters: string): Uint8Array[] {
  const parts: Uint8Array[] = [];
  let start = 0;
  bytes.forEach((byte, end) => {
    if (!delimiters.includes(String.fromCharCode(byte))) return;
    parts.push(bytes.subarray(start, end));
    start = end + 1;
  });
  return [...parts, bytes.subarray(start)];
}

function trimmed(bytes: Uint8Array): Uint8Array {
  let end = bytes.length;
  while (end > 0 && (bytes[end - 1] === 0x20 || bytes[end - 1] === 0)) end--;
  let start = 0;
  while (start < end && bytes[start] === 0x20) start++;
  return bytes.subarray(start, end);
}
