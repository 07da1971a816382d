import type { Vocabulary } from "./vocabulary.ts";

/** Polish, Czech, Slovak, Croatian, Slovenian in Latin letters. */
export const slavic: Vocabulary = {
  head: `GLOW* GŁOW* MOZG* MOZEK* MOZAK* MOZGOV* HLAV* GLAVA* GLAVE* CZASZK* LEBKA* LEBK* LUBANJ* ENDOKRAN*`,
  other: `KLATK* BRZUCH* BRICH* MIEDNIC* KREGOSLUP* KRĘGOSŁUP* SZYJ* SZYI KRK PLUC* PŁUC* TRZUSTK* PATER PATERE
    HRUDN* VRAT PRSN*`,
  face: `ZATOK* OCZODOL* TWARZOCZ* UCHO SPANKOV* DUTIN* SINUSA`,
  contrast: `KONTRAST* SRODK* KONTR K_L`,
  angiography: `TETNICZ* ZYLN* ŻYLN* ZILN*`,
  native: `NATYW* NATIV* PROSTE`,
  without: `BEZ BRAK NIE ZADN*`,
  before: `PRZED PRED PRIJE`,
  bone: `KOST* KOSC* KOŚC*`,
};
