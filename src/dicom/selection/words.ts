/**
 * Words by which hospitals name what a series shows, in the languages of the field. A word ending in `*` is a stem.
 * Matching ignores case, accents and punctuation ("Schädel_nativ", "TÊTE S/C").
 */

const HEAD = wordList(`HEAD* BRAIN* SKULL* CRAN* KRAN* NEURO* STROKE* CEREB* ENCEPH* ENCEF* CTH NCCT NCHCT CCT*
  KOPF* SCHADEL* SCHAEDEL* HIRN* GEHIRN* NEUROCRAN* TETE* CABEZA* CABECA* TESTA* CAPO HOOFD* SCHEDEL* HERSEN* HODE*
  HOVED* HUVUD* HJARN* HJERNE* SKALLE* AIVO* PAA GLOW* GŁOW* MOZG* MOZEK* HLAV* GLAVA* KOPONYA* AGY* FEJ* KAFA* BEYIN*
  ΚΕΦΑΛ* ΕΓΚΕΦΑΛ* ΚΡΑΝΙ* ГОЛОВ* ЧЕРЕП* МОЗГ* ראש* מוח* رأس* دماغ* 头 頭 脑 脳 腦 颅 顱 두부 뇌 머리`);

/** Parts of the head that show too little of the brain count as other regions. */
const OTHER_REGION =
  wordList(`CHEST* THORA* TORAX* LUNG* PULMON* POUMON* ABD* PELV* BECKEN* BASSIN* SPINE* SPINAL* CSPINE
  CERVICAL* LUMBAR* LWS BWS HWS WIRBEL* RACHIS* COLUMN* NECK* HALS* COU CUELLO* COLLO* LIVER* LEBER* FOIE HEART* CARDI*
  CORONARY* HERZ* AORT* RENAL* KIDNEY* NIERE* KUB UROGRAM* COLON* KNEE* KNIE* HIP* HUFT* ANKLE* FOOT* SHOULDER* SCHULTER*
  WRIST* HAND* ELBOW* EXTREM* LEG* ARM FACE FACIAL* SINUS* ORBIT* NASAL* NNH MANDIB* MAXILL* DENTAL* PETROUS* MASTOID*
  TEMPORALBONE IAC FELSENBEIN* ΘΩΡΑΚ* ΚΟΙΛΙ* ΠΥΕΛ* ΑΥΧΕΝ* ГРУД* ЖИВОТ* БРЮШ* ТАЗ* ШЕИ ШЕЯ 胸 腹 骨盆 颈 頸 흉부 복부`);

const CONTRAST =
  wordList(`CONTRAST* CONTRASTE* KONTRAST* CTA* CTV ANGIO* ARTER* VENOUS VENOGRA* PERF* CTP BOLUS* DELAYED
  ENHANCED CECT MTT CBF CBV RCBF RCBV TTP TMAX KM C+ +C POSTCON* ΑΓΓΕΙΟ* ΣΚΙΑΓΡΑΦΙΚ* АНГИО* КОНТРАСТ* 增强 造影 조영`);

const NO_CONTRAST = wordList(`WITHOUT* W/O WO NON NONCON* NC NCCT NCHCT UNENHANCED PLAIN NATIV* OHNE SANS S/C SENZA SIN
  SEM ZONDER UDEN UTAN BEZ BLANCO PRECON* C- ΧΩΡΙΣ ΑΠΛΗ БЕЗ НАТИВ* 平扫 平掃 単純 비조영`);

const LOCALIZER = wordList("LOCALI* SCOUT* TOPOGRAM* SURVIEW* SCANOGRAM* PILOT SCANO SCOUTVIEW LOKALI* REPERE");

const DERIVED_VIEW = wordList("MPR MIP* MINIP* VRT SSD REFORMAT* CURVED PROJECTION DOSE");

const BONE = wordList(`BONE* KNOCHEN* OSSEUX OSSEUSE OSEO* OSEA OSSO* OSSEO* OSSEA BOT KOST* SHARP* OSTEO* ΟΣΤ* КОСТ*
  骨 골`);

export type BodyRegion = "head" | "other" | "unknown";

/** What a text says about the body region; "unknown" when it names none, or both the head and another one. */
export function bodyRegionOf(text: string): BodyRegion {
  const head = contains(text, HEAD);
  const other = contains(text, OTHER_REGION);
  return head === other ? "unknown" : head ? "head" : "other";
}

/** Whether a text says that contrast was given (true), was not (false), or neither. */
export function contrastIn(text: string): boolean | undefined {
  if (contains(text, NO_CONTRAST)) return false;
  return contains(text, CONTRAST) ? true : undefined;
}

export const namesLocalizer = (text: string): boolean => contains(text, LOCALIZER);
export const namesDerivedView = (text: string): boolean => contains(text, DERIVED_VIEW);
export const namesBone = (text: string): boolean => contains(text, BONE);

function wordList(words: string): RegExp {
  const patterns = words.split(/\s+/).map((word) => {
    const stem = escaped(plain(word.replace(/\*$/, "")));
    // Chinese, Japanese and Korean write no spaces between words.
    if (/[\p{Script=Han}\p{Script=Hangul}]/u.test(word)) return stem;
    return word.endsWith("*") ? `(?<![\\p{L}+])${stem}` : `(?<![\\p{L}+])${stem}(?![\\p{L}+])`;
  });
  return new RegExp(patterns.join("|"), "u");
}

function contains(text: string, words: RegExp): boolean {
  return words.test(plain(text));
}

function plain(text: string): string {
  return text
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .toUpperCase()
    .replaceAll(/[\s_.,;:()[\]^]+/gu, " ");
}

function escaped(text: string): string {
  return text.replaceAll(/[+*/]/g, "\\$&");
}
