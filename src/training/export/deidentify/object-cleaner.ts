import type { Attributes } from "../../../dicom/attributes.ts";
import { type TextReader, textReader } from "../../../dicom/character-set.ts";
import { PIXEL_DATA } from "../../../dicom/part10.ts";
import type { RawDataSet, RawElement } from "../../../dicom/raw-data-set.ts";
import { vrOfTag } from "../../../dicom/value-representation.ts";
import { type Action, type AttributeAction, isPrivate } from "./actions.ts";
import {
  CODE_MEANING,
  CODE_VALUE_TAGS,
  CODING_SCHEME_DESIGNATOR,
  CODING_SCHEME_VERSION,
  isPartOfCode,
  isPublicCode,
  isPublicScheme,
  LOCAL_SCHEME,
} from "./coded-value.ts";
import { cleanText } from "./free-text.ts";
import type { Identity } from "./identity.ts";
import { onlyPixels } from "./pixels.ts";
import { profileRow, TECHNICAL_TEXTS, type Treatment } from "./profile.ts";
import type { Replacements } from "./pseudonyms.ts";
import { creatorTag, safePrivate } from "./safe-private.ts";
import { cleanedValues, type ValueRules } from "./value-cleaner.ts";
import { bytesOfTexts, textsOf } from "./value-text.ts";
import { NUMBER_BYTES } from "./values.ts";

/** What one object is cleaned with. */
export interface CleaningContext {
  pseudonyms: Replacements;
  identity: Identity;
  patient: string;
  days: number;
  read: TextReader;
  image: Attributes;
  transferSyntaxUid: string;
}

/** Of values that are mapped, whatever the table allows: so objects of one patient stay together. */
const MAPPED: Record<string, (value: string, context: CleaningContext) => string> = {
  x00100010: (_, { pseudonyms, patient }) => pseudonyms.personName(pseudonyms.patientId(patient)),
  x00100020: (_, { pseudonyms, patient }) => pseudonyms.patientId(patient),
  x00080050: (value, { pseudonyms }) => (value === "" ? "" : pseudonyms.short("accession", value)),
  x00080080: (value, { pseudonyms }) => (value === "" ? "" : pseudonyms.institution(value)),
};
/** Codes that say who a person or which institution it is, and are nobody's but theirs. */
const IDENTIFYING_CODES = new Set(["x00080082", "x00401101", "x0040a088"]);

/** Text Value (0040,A160): a content item without one is invalid. */
const TEXT_VALUE = "x0040a160";
const VERSION = /^[0-9.]{1,12}$/;

interface Code {
  value: string;
  isPublic: boolean;
}

/** Goes through the elements of one object, at any depth, and leaves nothing that no rule vouches for. */
export class ObjectCleaner {
  readonly actions: AttributeAction[] = [];
  readonly #context: CleaningContext;
  readonly #signed: boolean;

  constructor(context: CleaningContext) {
    this.#context = context;
    this.#signed = context.image.texts("00280103")[0] === "1";
  }

  dataSet(elements: RawDataSet, { read = this.#context.read, isIdentifying = false } = {}): RawDataSet {
    const own = elements.find(({ tag }) => tag === "x00080005")?.value;
    const reader =
      own instanceof Uint8Array ? textReader(textsOf(own, (it) => Buffer.from(it).toString("latin1"))) : read;
    const code = this.#codeOf(elements, reader, isIdentifying);
    const cleaned = elements.flatMap((element) => {
      const kept = isPrivate(element.tag)
        ? this.#private(element, elements, reader)
        : this.#public(element, reader, code);
      return kept === undefined ? [] : [kept];
    });
    return withoutIdleCreators(cleaned);
  }

  #public(element: RawElement, read: TextReader, code: Code | undefined): RawElement | undefined {
    const { tag } = element;
    const vr = this.#vrOf(element);
    const row = profileRow(tag);
    const treatment = row?.treatment ?? (TECHNICAL_TEXTS.has(tag) ? "keep" : "clean");
    if (vr === "UN" || /^x(?:000[024]|50|60|fff)/.test(tag)) return this.#done(element, "removed", undefined);
    if (tag === PIXEL_DATA) {
      const { image, transferSyntaxUid, identity } = this.#context;
      return this.#done(element, "kept", onlyPixels(element, image, transferSyntaxUid, identity));
    }
    if (tag === "x00080005") return undefined;
    const mapped = MAPPED[tag];
    if (mapped !== undefined) {
      const value = element.value instanceof Uint8Array ? textsOf(element.value, read).join("\\") : "";
      return this.#written(element, vr, [mapped(value, this.#context)], "mapped");
    }
    if (treatment === "remove") return this.#done(element, "removed", undefined);
    if (vr === "SQ") return this.#sequence(element, treatment, read);
    if (!(element.value instanceof Uint8Array)) return this.#done(element, "removed", undefined);
    if (treatment === "empty") return this.#done(element, "emptied", { tag, vr, value: new Uint8Array() });
    if (code !== undefined && isPartOfCode(tag)) return this.#partOfCode(element, element.value, vr, read, code);
    if (tag === CODING_SCHEME_DESIGNATOR) {
      const scheme = textOf(element, read);
      const isPublic = scheme === "" || isPublicScheme(scheme);
      return this.#written(element, vr, [isPublic ? scheme : LOCAL_SCHEME], isPublic ? "kept" : "replaced");
    }
    return this.#value(element, element.value, vr, treatment, row?.basic, read);
  }

  #sequence(element: RawElement, treatment: Treatment, read: TextReader): RawElement | undefined {
    const { tag, value } = element;
    if (treatment === "empty") return this.#done(element, "emptied", { tag, vr: "SQ", value: [] });
    if (value instanceof Uint8Array) {
      if (value.length > 0) return this.#done(element, "removed", undefined);
      return this.#done(element, "kept", { tag, vr: "SQ", value: [] });
    }
    this.actions.push({ tag, vr: "SQ", action: "kept" });
    return {
      tag,
      vr: "SQ",
      value: value.map((item) => this.dataSet(item, { read, isIdentifying: IDENTIFYING_CODES.has(tag) })),
    };
  }

  #value(
    element: RawElement,
    value: Uint8Array,
    vr: string,
    treatment: Treatment,
    basic: string | undefined,
    read: TextReader,
  ): RawElement | undefined {
    const { tag } = element;
    if (treatment === "replace" && vr !== "PN" && value.length > 0)
      return this.#done(element, "replaced", { tag, vr, value: dummyBytes(vr) });
    const rules: ValueRules = { tag, vr, said: element.vr, treatment, ...this.#context, read };
    const result = cleanedValues(value, rules);
    const isLost = result.bytes.length === 0 && value.length > 0;
    if (!isLost) return this.#done(element, result.action, { tag, vr, value: result.bytes });
    if (basic?.includes("D") || tag === TEXT_VALUE)
      return this.#done(element, "replaced", { tag, vr, value: dummyBytes(vr) });
    // What is in no table row, or may be empty, stays as an empty element: many objects must have it.
    if (basic === "X" || vr === "PN") return this.#done(element, "removed", undefined);
    return this.#done(element, "emptied", { tag, vr, value: new Uint8Array() });
  }

  /** Elements of a block whose creator and place are on the list; creators stay where something of them does. */
  #private(element: RawElement, siblings: RawDataSet, read: TextReader): RawElement | undefined {
    const { tag, value } = element;
    const place = creatorTag(tag);
    const creator = textOf(place === undefined ? element : siblings.find((sibling) => sibling.tag === place), read);
    const known = place === undefined ? undefined : safePrivate(tag, creator);
    if (place === undefined && /^x....00[1-9a-f]/.test(tag)) {
      if (
        siblings.some((sibling) => creatorTag(sibling.tag) === tag && safePrivate(sibling.tag, creator) !== undefined)
      )
        return this.#done(element, "kept", { tag, vr: "LO", value: bytesOfTexts([creator], "LO") });
    }
    if (known === undefined || !(value instanceof Uint8Array)) return this.#done(element, "removed", undefined);
    const result = cleanedValues(value, {
      tag,
      vr: known.vr,
      said: element.vr,
      treatment: "clean",
      ...this.#context,
      read,
    });
    if (result.bytes.length === 0) return this.#done(element, "removed", undefined);
    return this.#done(element, result.action, { tag, vr: known.vr, value: result.bytes });
  }

  #codeOf(elements: RawDataSet, read: TextReader, isIdentifying: boolean): Code | undefined {
    const element = elements.find(({ tag }) => CODE_VALUE_TAGS.includes(tag));
    if (element === undefined) return undefined;
    const value = textOf(element, read);
    const designator = textOf(
      elements.find(({ tag }) => tag === CODING_SCHEME_DESIGNATOR),
      read,
    );
    return { value, isPublic: !isIdentifying && isPublicCode(designator, value, this.#context.identity) };
  }

  /** A code of a public scheme is a public word; one that a hospital made is mapped. */
  #partOfCode(
    element: RawElement,
    value: Uint8Array,
    vr: string,
    read: TextReader,
    code: Code,
  ): RawElement | undefined {
    const { tag } = element;
    const text = textsOf(value, read).join("\\");
    const { pseudonyms, identity } = this.#context;
    if (tag === CODE_MEANING) {
      const clean = cleanText(text, identity) || (code.isPublic ? code.value : dummy(vr));
      return this.#written(element, vr, [clean], clean === text ? "kept" : "cleaned");
    }
    if (tag === CODING_SCHEME_VERSION) {
      if (code.isPublic && VERSION.test(text)) return this.#written(element, vr, [text], "kept");
      return this.#done(element, "removed", undefined);
    }
    if (code.isPublic) return this.#written(element, vr, [text], "kept");
    if (tag === CODING_SCHEME_DESIGNATOR) return this.#written(element, vr, [LOCAL_SCHEME], "replaced");
    return this.#written(element, vr, [pseudonyms.short("code", text)], "mapped");
  }

  /** The dictionary's, so that a wrong one hides nothing. */
  #vrOf({ tag, vr }: RawElement): string {
    const known = vrOfTag(tag, this.#signed);
    return (known === "US" || known === "SS") && (vr === "US" || vr === "SS") ? vr : known;
  }

  #written(element: RawElement, vr: string, texts: string[], action: Action): RawElement | undefined {
    return this.#done(element, action, { tag: element.tag, vr, value: bytesOfTexts(texts, vr) });
  }

  #done({ tag }: RawElement, action: Action, result: RawElement | undefined): RawElement | undefined {
    this.actions.push({ tag, vr: result?.vr ?? (isPrivate(tag) ? "UN" : vrOfTag(tag, this.#signed)), action });
    return result;
  }
}

function textOf(element: RawElement | undefined, read: TextReader): string {
  return element?.value instanceof Uint8Array ? textsOf(element.value, read).join("\\") : "";
}

function withoutIdleCreators(elements: RawDataSet): RawDataSet {
  const used = new Set(elements.flatMap(({ tag }) => (isPrivate(tag) ? [creatorTag(tag)] : [])));
  return elements.filter(({ tag }) => !isPrivate(tag) || creatorTag(tag) !== undefined || used.has(tag));
}

/** Says nothing, and is what its value representation asks for. */
function dummy(vr: string): string {
  const byVr: Record<string, string> = {
    DA: "19000101",
    DT: "19000101000000",
    TM: "000000",
    AS: "000D",
    DS: "0",
    IS: "0",
  };
  return byVr[vr] ?? "REMOVED";
}

function dummyBytes(vr: string): Uint8Array {
  const size = NUMBER_BYTES[vr] ?? (vr.startsWith("O") ? 2 : undefined);
  return size === undefined ? bytesOfTexts([dummy(vr)], vr) : new Uint8Array(size);
}
