import { textReader } from "./character-set.ts";
import { type DicomJson, items, texts } from "./dicom-json.ts";
import { type DataSet, type Element, valueBytes } from "./part10.ts";

/** The attributes of a data set, whichever way it is encoded; a tag is eight hexadecimal digits in capitals. */
export interface Attributes {
  /** All values of an attribute as text; [] when it is absent or empty. */
  texts(tag: string): string[];
  /** The items of a sequence; [] when it is absent or none. */
  items(tag: string): Attributes[];
}

/** DICOM JSON, as in WADO-RS metadata (PS3.18 annex F). */
export function attributesOfJson(json: DicomJson): Attributes {
  return {
    texts: (tag) => texts(json, tag),
    items: remembering((tag) => items(json, tag).map(attributesOfJson)),
  };
}

export function attributesOfDataSet(dataset: DataSet): Attributes {
  const read = textReader((dataset.string("x00080005") ?? "").split("\\"));
  return withReader(dataset, read);
}

/** Items of a sequence are in the character set of the whole unless they name one, which none of ours does. */
function withReader(dataset: DataSet, read: (bytes: Uint8Array) => string): Attributes {
  return {
    texts: (tag) => {
      const element = elementOf(dataset, tag);
      if (element === undefined || element.length === 0) return [];
      const numbers = binaryNumbers(dataset, element, tag);
      if (numbers !== null) return numbers.map(String);
      // Trailing spaces and NULs are padding (PS3.5 6.2).
      return read(valueBytes(dataset, element))
        .split("\\")
        .map((value) => value.replace(/^ +|[ \0]+$/g, ""));
    },
    items: remembering((tag) =>
      (elementOf(dataset, tag)?.items ?? []).flatMap(({ dataSet }) =>
        dataSet === undefined ? [] : [withReader(dataSet, read)],
      ),
    ),
  };
}

/** Thousands of frames look into the same sequences. */
function remembering(find: Attributes["items"]): Attributes["items"] {
  const found = new Map<string, Attributes[]>();
  return (tag) => {
    const known = found.get(tag);
    if (known !== undefined) return known;
    const items = find(tag);
    found.set(tag, items);
    return items;
  };
}

function elementOf(dataset: DataSet, tag: string): Element | undefined {
  return dataset.elements[`x${tag.toLowerCase()}`];
}

/** US attributes of an image, for data sets that do not say their value representations. */
const UNSIGNED_SHORT = new Set([
  "00209156",
  "00280002",
  "00280010",
  "00280011",
  "00280100",
  "00280101",
  "00280102",
  "00280103",
]);

const BINARY = {
  US: { bytes: 2, read: (dataset: DataSet, tag: string, at: number) => dataset.uint16(tag, at) },
  SS: { bytes: 2, read: (dataset: DataSet, tag: string, at: number) => dataset.int16(tag, at) },
  UL: { bytes: 4, read: (dataset: DataSet, tag: string, at: number) => dataset.uint32(tag, at) },
  SL: { bytes: 4, read: (dataset: DataSet, tag: string, at: number) => dataset.int32(tag, at) },
  FL: { bytes: 4, read: (dataset: DataSet, tag: string, at: number) => dataset.float(tag, at) },
  FD: { bytes: 8, read: (dataset: DataSet, tag: string, at: number) => dataset.double(tag, at) },
};

/** null for text. */
function binaryNumbers(dataset: DataSet, element: Element, tag: string): number[] | null {
  const unsaid = element.vr === undefined || element.vr === "UN";
  const vr = unsaid && UNSIGNED_SHORT.has(tag) ? "US" : element.vr;
  if (vr === undefined || !Object.hasOwn(BINARY, vr)) return null;
  const { bytes, read } = BINARY[vr as keyof typeof BINARY];
  const count = Math.floor(element.length / bytes);
  return Array.from({ length: count }, (_, at) => read(dataset, element.tag, at) ?? Number.NaN);
}
