import { alternatives, plain } from "./pattern.ts";
import { AGENT_NAMES } from "./words/agents.ts";
import { arabic, hebrew } from "./words/arabic-hebrew.ts";
import { cyrillic } from "./words/cyrillic.ts";
import { dutch } from "./words/dutch.ts";
import { chinese, japanese, korean } from "./words/east-asian.ts";
import { english } from "./words/english.ts";
import { french } from "./words/french.ts";
import { german } from "./words/german.ts";
import { greek } from "./words/greek.ts";
import { hungarian, turkish } from "./words/hungarian-turkish.ts";
import { italian } from "./words/italian.ts";
import { nordic } from "./words/nordic.ts";
import { portuguese } from "./words/portuguese.ts";
import { slavic } from "./words/slavic.ts";
import { spanish } from "./words/spanish.ts";
import type { Vocabulary } from "./words/vocabulary.ts";

/** A text may mix languages ("CCT nativ soft tissue"): all words of all of them count. */
const VOCABULARIES: Vocabulary[] = [
  ...[english, german, french, spanish, italian, portuguese, dutch, nordic, slavic, hungarian, turkish],
  ...[greek, cyrillic, chinese, japanese, korean, arabic, hebrew],
];

/** Source of a regular expression that finds the words of one kind in a text that `plain` (pattern.ts) prepared. */
export function wordsOf(...kinds: (keyof Vocabulary)[]): string {
  return alternatives(kinds.flatMap((kind) => VOCABULARIES.map((vocabulary) => vocabulary[kind] ?? "")).join(" "));
}

/** All words and stems, in the notation of `Vocabulary`. */
export function selectionWords(): string[] {
  return [...VOCABULARIES.flatMap((vocabulary) => Object.values<string>({ ...vocabulary })), AGENT_NAMES]
    .join(" ")
    .split(/\s+/)
    .filter(Boolean);
}

export const AGENTS = alternatives(AGENT_NAMES);

const HEAD = new RegExp(wordsOf("head"), "u");
const OTHER_REGION = new RegExp(wordsOf("other", "face"), "u");
const FACE = new RegExp(wordsOf("face"), "u");
const VIRTUAL_NATIVE = new RegExp(alternatives("VNC VNCA VIRTUAL_NON* VIRTUAL_NATIV* VIRTUAL_UNENH* VIRTUELL*"), "u");
const IODINE_MAP = new RegExp(
  alternatives("IODINE* IODIN JOD JODKARTE* IODE* YODO IODIO RHO Z_EFF* EFFECTIVE_Z EFF_Z"),
  "u",
);

export type BodyRegion = "head" | "other" | "unknown";

/**
 * What a text says about the body region; "unknown" when it names none, or both the head and another one. The face, the
 * ears and the teeth are no head.
 */
export function bodyRegionOf(text: string): BodyRegion {
  const head = HEAD.test(plain(text));
  const other = OTHER_REGION.test(plain(text));
  return head === other ? "unknown" : head ? "head" : "other";
}

/** Whether a text names the face, the ears or the teeth, and not the head. */
export const namesFace = (text: string) => FACE.test(plain(text)) && !HEAD.test(plain(text));

export const namesLocalizer = finder(wordsOf("localizer"));
export const namesProjection = finder(wordsOf("projection"));
export const namesReformat = finder(alternatives("MPR* REFORMAT* REFORMATION* RECONSTRUCTED_PLANE"));
export const namesCapture = finder(wordsOf("capture"));
export const namesBolusTiming = finder(wordsOf("bolusTiming"));
export const namesIntervention = finder(wordsOf("intervention"));
export const namesBone = finder(wordsOf("bone"));
export const namesSoft = finder(wordsOf("soft"));
export const namesVirtualNative = (text: string) => VIRTUAL_NATIVE.test(plain(text));
export const namesIodineMap = (text: string) => IODINE_MAP.test(plain(text)) && !namesVirtualNative(text);

function finder(source: string): (text: string) => boolean {
  const words = new RegExp(source, "u");
  return (text) => words.test(plain(text));
}
