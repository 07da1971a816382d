import { folded } from "./folded-text.ts";
import type { Identity } from "./identity.ts";

/** Codes (PS3.3 8.8): those of known schemes stay, those that a hospital made itself are mapped. */

export const CODE_VALUE_TAGS = ["x00080100", "x00080119", "x00080120"];
export const CODING_SCHEME_DESIGNATOR = "x00080102";
export const CODE_MEANING = "x00080104";
export const CODING_SCHEME_VERSION = "x00080103";

export function isPartOfCode(tag: string): boolean {
  const others = [CODING_SCHEME_DESIGNATOR, CODE_MEANING, CODING_SCHEME_VERSION];
  return others.includes(tag) || CODE_VALUE_TAGS.includes(tag);
}

/** How the values of public schemes look (PS3.16 section 8). */
const SCHEMES: Record<string, RegExp> = {
  DCM: /^(?:\d{5,6}|[A-Z]{2,16})$/,
  SCT: /^\d{6,18}$/,
  SRT: /^[A-Z]{1,2}\d?-[0-9A-F]{4,6}$/,
  SNM3: /^[A-Z]\d?-[0-9A-F]{4,6}$/,
  "99SDM": /^[A-Z]\d?-[0-9A-F]{4,6}$/,
  LN: /^\d{1,5}-\d$/,
  UCUM: /^[A-Za-z0-9%[\]{}:/.*'_-]{1,12}$/,
  UMLS: /^C\d{7}$/,
  FMA: /^\d{3,6}$/,
  RADLEX: /^RID\d{1,6}$/,
  RFC5646: /^[a-z]{2,3}(?:-[A-Z]{2})?$/,
  ISO639_1: /^[a-z]{2}$/,
  ISO3166_1: /^[A-Z]{2,3}$/,
  I10: /^[A-Z]\d\d(?:\.\w{1,4})?$/,
  I10P: /^[0-9A-Z]{7}$/,
  C4: /^\d{5}$/,
};

/** Registered code systems (PS3.16 Table 8-1), whose UIDs are no instances. */
export const CODE_SYSTEM_UID = /^2\.16\.840\.1\.113883\.(?:6|3|5)\.[0-9.]+$/;

export function isPublicCode(designator: string, value: string, identity: Identity): boolean {
  const form = Object.hasOwn(SCHEMES, designator) ? SCHEMES[designator] : undefined;
  return form?.test(value) === true && !identity.hasWord(folded(value));
}

export function isPublicScheme(designator: string): boolean {
  return Object.hasOwn(SCHEMES, designator);
}

/** What a scheme of a hospital is called afterwards; its own name may be that of the hospital. */
export const LOCAL_SCHEME = "99LOCAL";
