import type { TextReader } from "../../../dicom/character-set.ts";
import type { Action } from "./actions.ts";
import { CODE_SYSTEM_UID } from "./coded-value.ts";
import { compact, folded } from "./folded-text.ts";
import { cleanText } from "./free-text.ts";
import { isHarmless } from "./harmless-words.ts";
import { hasIdentifyingPattern } from "./identifying-patterns.ts";
import type { Identity } from "./identity.ts";
import { TECHNICAL_TEXTS, type Treatment } from "./profile.ts";
import type { Replacements } from "./pseudonyms.ts";
import { bytesOfTexts, textsOf } from "./value-text.ts";
import { cappedAge, hasForm, hasPrintableRun, NUMBER_BYTES, shiftedDate } from "./values.ts";

export interface ValueRules {
  tag: string;
  /** Of PS3.6. */
  vr: string;
  /** As the object has it; undefined where it does not say. */
  said: string | undefined;
  treatment: Treatment;
  pseudonyms: Replacements;
  identity: Identity;
  days: number;
  read: TextReader;
}

/** What is left of a value: no bytes where nothing may be. */
export interface CleanedValue {
  bytes: Uint8Array;
  action: Action;
}

/** Tables of numbers that images need; any other run of bytes may hold anything. */
const TABLES = /^x0028(?:3006|12[02][123]|110[123])$/;
const LONGEST_TABLE = 65_536 * 2;
const LETTERS_AMONG_NUMBERS = 6;
const TIMEZONE_OFFSET = "x00080201";
const WELL_KNOWN_UID = /^1\.2\.840\.10008\./;

export function cleanedValues(value: Uint8Array, rules: ValueRules): CleanedValue {
  const { vr } = rules;
  if (value.length === 0) return { bytes: value, action: "kept" };
  if (vr in NUMBER_BYTES) return isNumbers(value, rules) ? { bytes: value, action: "kept" } : nothing;
  if (/^O[BDFLVW]$/.test(vr)) return isTable(value, rules) ? { bytes: value, action: "kept" } : nothing;
  const before = textsOf(value, rules.read, vr);
  const after = before.map((text) => cleanedText(text, rules));
  while (after.length > 1 && after.at(-1) === "" && before.length > after.length - 1) after.pop();
  const action = before.join("\\") === after.join("\\") ? "kept" : (ACTION_BY_VR[vr] ?? "cleaned");
  return { bytes: bytesOfTexts(after, vr), action };
}

const nothing: CleanedValue = { bytes: new Uint8Array(), action: "removed" };
const ACTION_BY_VR: Record<string, Action> = { DA: "shifted", DT: "shifted", UI: "mapped", PN: "mapped" };

function cleanedText(text: string, rules: ValueRules): string {
  const { tag, vr, treatment, identity, pseudonyms, days } = rules;
  if (text === "") return "";
  switch (vr) {
    case "DA":
    case "DT":
      return shiftedDate(text, days);
    case "TM":
      return hasForm("TM", text) ? text : "";
    case "UI":
      return cleanedUid(text, rules);
    case "AS":
      return cappedAge(text);
    case "PN":
      return treatment === "replace" ? pseudonyms.personName(folded(text)) : "";
    case "DS":
    case "IS":
      return hasForm(vr, text) && !isNumberOfPatient(text, identity) ? text : "";
    case "CS":
      return isTerm(text, identity) ? text : "";
    case "LO":
    case "LT":
    case "SH":
    case "ST":
    case "UC":
    case "UT":
      if (tag === TIMEZONE_OFFSET && /^[+-]\d{4}$/.test(text)) return text;
      if (treatment === "keep") return keptText(text, tag, identity);
      return treatment === "clean" ? cleanText(text, identity) : "";
    default:
      return "";
  }
}

/** Serial numbers, and what machines are called, where it is not a word of somebody's own: that may be a hospital's or a person's. */
const MOST_LETTERS = 5;
function keptText(text: string, tag: string, identity: Identity): string {
  if (identity.isIn(text) || hasIdentifyingPattern(withoutVersion(text))) return "";
  if (TECHNICAL_TEXTS.has(tag)) return text;
  const isNumbered = (word: string) =>
    /\d/.test(word) && (word.match(/\p{L}+/gu) ?? []).every((run) => run.length <= MOST_LETTERS);
  const words = folded(text)
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
  return words.every((word) => isNumbered(word) || isHarmless(word)) ? text : "";
}

/** Versions and serial numbers look like dates and telephones. */
function withoutVersion(text: string): string {
  return text.replaceAll(/[\d./()\s-]+/g, " ");
}

function cleanedUid(text: string, { treatment, pseudonyms }: ValueRules): string {
  if (WELL_KNOWN_UID.test(text) && hasForm("UI", text) && treatment !== "uid") return text;
  if (CODE_SYSTEM_UID.test(text) && treatment !== "uid") return text;
  return pseudonyms.uid(text);
}

/** 48213377 in a decimal is the patient's number; 120 is a voltage. */
const SHORTEST_NUMBER = 6;
function isNumberOfPatient(text: string, identity: Identity): boolean {
  const digits = compact(text);
  return digits.length >= SHORTEST_NUMBER && identity.hasWord(digits);
}

/** Patient Orientation: LA, PF */
const DIRECTIONS = /^[LRAPHF]{1,3}$/;

/** A coded string of known terms; a part with digits in it is a term of a vendor. */
function isTerm(text: string, identity: Identity): boolean {
  if (!hasForm("CS", text)) return false;
  const parts = text.split(/[ _]+/).filter(Boolean);
  if (isHarmless(text) || DIRECTIONS.test(text)) return true;
  return parts.every((part) => isHarmless(part) || (/^[A-Z]{0,3}\d{1,3}[A-Z]?$/.test(part) && !identity.hasWord(part)));
}

/** A name can be written into any bytes: numbers are those that say so, whole, and look like none. */
function isNumbers(value: Uint8Array, { vr, said = vr, identity }: ValueRules): boolean {
  const isPair = (said === "US" || said === "SS") && (vr === "US" || vr === "SS");
  if (said !== vr && said !== "UN" && !isPair) return false;
  if (value.length % NUMBER_BYTES[vr]! !== 0 || hasPrintableRun(value, LETTERS_AMONG_NUMBERS)) return false;
  return (vr !== "FD" || areMeasures(value)) && !identity.leavesTraceIn(value);
}

/** Letters taken for a number make one of an absurd size. */
const SMALLEST_MEASURE = 1e-12;
const LARGEST_MEASURE = 1e15;
function areMeasures(value: Uint8Array): boolean {
  const view = new DataView(value.buffer, value.byteOffset, value.byteLength);
  return Array.from({ length: value.length / 8 }, (_, i) => Math.abs(view.getFloat64(8 * i, true))).every(
    (number) => number === 0 || (number >= SMALLEST_MEASURE && number <= LARGEST_MEASURE),
  );
}

function isTable(value: Uint8Array, { tag, said }: ValueRules): boolean {
  return TABLES.test(tag) && value.length <= LONGEST_TABLE && (said === undefined || /^(?:O[BW]|US|SS|UN)$/.test(said));
}
