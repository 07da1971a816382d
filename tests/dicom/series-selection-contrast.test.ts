import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { agentGiven, contrastIn } from "../../src/dicom/selection/contrast.ts";
import { bodyRegionOf } from "../../src/dicom/selection/words.ts";
import { choice, type SeriesExample } from "../support/series-headers.ts";

const NATIVE = [
  ...[
    "PRE CONTRAST THIN",
    "PRE-CONTRAST",
    "PRECONTRAST",
    "HEAD W/O",
    "HEAD WO",
    "W O CONTRAST",
    "WITHOUT",
    "Without IV contrast",
  ],
  ...[
    "non-contrast",
    "NCCT",
    "Unenhanced",
    "Plain",
    "C-",
    "Head C- 5mm",
    "CE-",
    "HEAD PRE",
    "NO IV CONTRAST",
    "AX W/O 5.0",
  ],
  ...["Kopf nativ", "CCT nativ", "Schädel ohne KM", "vor KM", "ohne i.v. KM", "ohne Kontrastmittel"],
  ...[
    "SANS INJECTION",
    "Crâne SPC",
    "crane sans IV",
    "avant injection",
    "non injecté",
    "crâne S/C",
    "sans produit de contraste",
  ],
  ...[
    "sin contraste",
    "cerebro sin",
    "encéfalo s/c",
    "S/ CONTRASTE",
    "senza mdc",
    "senza mezzo di contrasto",
    "sem contraste",
  ],
  ...["hersenen blanco", "zonder contrast", "uden kontrast", "utan kontrast", "bez kontrastu", "kontrasztanyag nélkül"],
  ...[
    "χωρίς σκιαγραφικό",
    "без контраста",
    "нативная фаза",
    "平扫",
    "単純",
    "造影なし",
    "非造影",
    "无对比剂",
    "비조영",
    "ללא ניגוד",
  ],
];
const GIVEN = [
  ...[
    "CTA",
    "Angio 0.6",
    "Head C+",
    "HEAD +C",
    "POST",
    "HEAD POST 5MM",
    "post contrast",
    "CE",
    "CECT",
    "W CONTRAST",
    "WITH IV",
  ],
  ...[
    "Delayed",
    "Perfusion",
    "NON-IONIC",
    "mit KM",
    "nach KM",
    "venös",
    "arteriell",
    "INJECTE",
    "injecté 5mm",
    "MDC",
    "con mdc",
  ],
  ...[
    "con contraste",
    "C/C",
    "com contraste",
    "met contrast",
    "ΑΓΓΕΙΟΓΡΑΦΙΑ",
    "με σκιαγραφικό",
    "с контрастом",
    "增强",
    "造影",
  ],
  ...["조영증강", "Omnipaque 350", "碘海醇", "Ультравист"],
];
const SILENT = [
  ...[
    "Head 5.0",
    "Ventricles",
    "Kmart",
    "Routine",
    "W/WO",
    "W WO CONTRAST",
    "with and without contrast",
    "avec et sans injection",
  ],
  ...[
    "mit und ohne KM",
    "con y sin contraste",
    "PRE/POST",
    "C-/C+",
    "POST OP",
    "POSTERIOR FOSSA",
    "POST TRAUMA",
    "PREOP",
  ],
  ...["SERIES NO 3", "non helical", "C-Spine", ""],
];

describe("a text says of contrast", () => {
  for (const text of NATIVE) test(`not given: ${text}`, () => assert.equal(contrastIn(text), false));
  for (const text of GIVEN) test(`given: ${text}`, () => assert.equal(contrastIn(text), true));
  for (const text of SILENT) test(`nothing, or both: ${text}`, () => assert.equal(contrastIn(text), undefined));
});

describe("Contrast/Bolus Agent", () => {
  const given = `Iopamidol|NON-IONIC|NONIONIC|NO ORAL IV OMNIPAQUE|NO ORAL, OMNIPAQUE 350|Omnipaque iv|碘海醇|Омнипак|Ομνιπάκ|YES|
    IV: Imeron 350|CONTRAST|造影剤|OMNIPAQUE NO REACTION`;
  const none = `|NONE|No|N|n/a|NO CONTRAST|no iv contrast|without|ohne|keine|sans|0 ml|NO ORAL CONTRAST|ORAL|--|нет|无|なし|ΟΧΙ|
    OMNIPAQUE NOT GIVEN|IV: none|Native`;
  for (const text of given.split("|")) test(`was given: "${text.trim()}"`, () => assert.ok(agentGiven(text.trim())));
  for (const text of none.split("|")) test(`was not: "${text.trim()}"`, () => assert.ok(!agentGiven(text.trim())));
});

/** What is expected, and the series of the study. */
type Row = [name: string, expected: string, ...series: SeriesExample[]];
const FIRST = { at: "100000" };
const LATER = { at: "101500" };

const ROWS: Row[] = [
  [
    "W/WO study",
    "WITHOUT",
    { is: "WITHOUT", study: "CT HEAD W/WO", ...FIRST },
    { is: "WITH", agent: "ISOVUE", ...LATER },
  ],
  ["pre and post", "PRE CONTRAST THIN", { is: "PRE CONTRAST THIN", mm: 1, ...FIRST }, { is: "POST", ...LATER }],
  [
    "an agent on every series",
    "Kopf nativ",
    { is: "Kopf nativ", agent: "Imeron" },
    { is: "Kopf 5.0", agent: "Imeron" },
  ],
  ["an agent alone", "contrast-only", { is: "Head 5.0", agent: "NO ORAL IV OMNIPAQUE" }],
  ["no agent", "Head 5.0", { is: "Head 5.0", agent: "NONE" }],
  ["non-ionic, though native", "HEAD W/O", { is: "HEAD W/O", agent: "NON-IONIC" }],
  ["an agent in Chinese", "contrast-only", { is: "头部", agent: "碘海醇" }],
  ["a longer CTA", "Head 5.0", { is: "Head 5.0", ...FIRST }, { is: "CTA 0.6", mm: 0.6, coverMm: 200, ...LATER }],
  [
    "a CTA that only its agent tells",
    "Head",
    { is: "Head", ...FIRST },
    { is: "0.6", mm: 0.6, agent: "Ultravist", ...LATER },
  ],
  ["perfusion by image type", "contrast-only", { is: "x", type: "DERIVED\\PRIMARY\\PERFUSION\\RCBF" }],
  ["the protocol speaks of CTA, its native series does not", "Head 5.0", { is: "Head 5.0", protocol: "CTA_Head" }],
  [
    "native beside what the protocol calls CTA",
    "nativ",
    { is: "nativ", protocol: "Angio Kopf", ...FIRST },
    { is: "0.75 H20f", mm: 0.75, protocol: "Angio Kopf", ...LATER },
  ],
];

describe("of a study with contrast is read", () => {
  for (const [name, expected, ...series] of ROWS) {
    test(`${name}: ${expected}`, () => assert.equal(choice(...series), expected));
  }
});

describe("a text names", () => {
  const heads = `CT HEAD W/O|cerebro sin contraste|Schädel nativ|CCT|TÊTE|crâne sans injection|Encefalo|Cabeça|Hoofd blanco|
    Hjerne|Huvud|Głowa|Hlava|Koponya|Kafa BT|ΕΓΚΕΦΑΛΟΥ|ΚΡΑΝΙΟΥ|Головной мозг|01_HeadRoutine|头颅平扫|頭部単純|뇌 CT|fosse postérieure`;
  const others = "Thorax|ABDOMEN PELVIS|HWS|Rachis cervical|Sinuses|ΘΩΡΑΚΑΣ|胸部|Hals|CCTA|NCCT KUB";
  for (const text of heads.split("|")) test(`the head: ${text}`, () => assert.equal(bodyRegionOf(text), "head"));
  for (const text of others.split("|"))
    test(`another region: ${text}`, () => assert.equal(bodyRegionOf(text), "other"));
  for (const text of ["", "5.0 H31s", "HEAD/NECK", "Shoulder to head"]) {
    test(`no region, or two: ${text}`, () => assert.equal(bodyRegionOf(text), "unknown"));
  }
});
