import { alternatives, LETTER, plain } from "./pattern.ts";
import { AGENTS, wordsOf } from "./words.ts";

/** Understands "PRE CONTRAST", "W/WO", "sans injection", "NO ORAL IV OMNIPAQUE" and the like. */

const GAP = "[ /&-]*";
const AND = `(?:[ &/+,-]+(?:AND|ET|UND|Y|E|EN|OG|OCH|I|И))?[ &/+-]+`;
const WITHOUT = wordsOf("without");
const WITHOUT_BEHIND = wordsOf("withoutBehind");
const BEFORE = wordsOf("before");
const WITH = wordsOf("with");
const AGENT = `(?:${wordsOf("contrast")}|${AGENTS})`;
/** What stands for an agent only behind "with" or "without". */
const SHORT = alternatives("IV I_V C CON CONT");
const EXAMINATION = wordsOf("angiography");
const VIEWS = "AX AXIAL* TRA HEAD BRAIN SOFT STD STANDARD THIN THICK BONE MM CM IV";
const before = (words: string) => `(?=[ /-]*(?:$|\\d|${alternatives(words)}))`;
/** What may stand behind a lone "without", unlike "tilt" or "trauma". */
const END = before(VIEWS);
/** What may stand behind "PRE" or "POST" meant as a phase, unlike "OP" or "fossa". */
const PHASE_END = before(`${VIEWS} SPIRAL* HEL HELICAL SEQ*`);
/** Between "without" and "contrast": "IV", "medio di", "oral or IV". */
const FILLERS = `(?:[ /-]+(?!${AGENT}|${EXAMINATION})${LETTER}+){0,3}`;

const NON_IONIC = /(?<!\p{L})NON[ -]?ION\p{L}*/gu;
const WITH_AND_WITHOUT = new RegExp(
  `${WITH}${AND}${WITHOUT}|${WITHOUT} ?(?:AND|UND|ET|[&/+]) ?${WITH}|${BEFORE}${AND}(?:POST|AFTER)|${alternatives("W/WO WWO C/S")}`,
  "u",
);
const NEGATED = new RegExp(
  [
    `${WITHOUT}${FILLERS}${GAP}(?:${AGENT}|${SHORT})`,
    `${BEFORE}${FILLERS}${GAP}(?:${AGENT}|${EXAMINATION}|${SHORT})`,
    `${AGENT}${GAP}${WITHOUT_BEHIND}`,
    wordsOf("native"),
    // "cerebro sin", "HEAD W/O", "HEAD PRE"; but "SERIES NO 3" says nothing.
    `(?!${alternatives("NO NOT NONE NIL")})(?:${WITHOUT}${END}|${BEFORE}${PHASE_END}|(?:${WITHOUT}|${BEFORE})(?=[ /-]*${EXAMINATION}))`,
  ].join("|"),
  "gu",
);
const GIVEN = new RegExp(
  `${AGENT}|${EXAMINATION}|${alternatives("POST POSTC")}${PHASE_END}|${WITH}[ /]*(?:${SHORT}|$)|${alternatives("IV I_V")}${END}`,
  "u",
);

/** Whether a text says that contrast was given (true), was not (false), or neither, or both ("W/WO"). */
export function contrastIn(text: string): boolean | undefined {
  const said = plain(text).replaceAll(NON_IONIC, "AGENT");
  if (WITH_AND_WITHOUT.test(said)) return undefined;
  const rest = said.replaceAll(NEGATED, " ");
  const given = GIVEN.test(rest);
  if (rest !== said) return given ? undefined : false;
  return given ? true : undefined;
}

const NO_ENTERAL = new RegExp(`(?:${WITHOUT})[ /-]+(?:ORAL|PO|RECTAL|ENTERAL)(?:[ /-]+CONTRAST)?(?!${LETTER})`, "gu");
const ENTERAL = /(?<!\p{L})(?:ORAL|PO|RECTAL|WATER|GASTROGRAFIN|BARIUM)(?!\p{L})/u;
const INTRAVENOUS = /(?<!\p{L})(?:IV|I V)(?!\p{L})/u;
const NONE = new RegExp(
  `^${WITHOUT}|${alternatives("NONE NIL NULL NA N/A KEINE KEINS NEIN UNKNOWN NOT_GIVEN NOT_USED NOT_ADMIN* 未使用")}|(?:${WITHOUT}|${WITHOUT_BEHIND})$`,
  "u",
);

/** Whether Contrast/Bolus Agent (0018,0010) names something that reached the vessels. */
export function agentGiven(contrastBolusAgent: string): boolean {
  const said = plain(contrastBolusAgent).replaceAll(NON_IONIC, "AGENT").replaceAll(NO_ENTERAL, " ").trim();
  if (/^(?:N|[^\p{L}]*0*[^\p{L}1-9]*(?:ML|CC)?)$/u.test(said)) return false;
  if (NONE.test(said) || contrastIn(said) === false) return false;
  return !ENTERAL.test(said) || INTRAVENOUS.test(said);
}
