import type { Vocabulary } from "./vocabulary.ts";

/** Danish, Norwegian, Swedish, Finnish. */
export const nordic: Vocabulary = {
  head: `HODE* HOVED* HUVUD* HJARN* HJERNE* SKALLE* KRANIE* AIVO* PAA KALLO* CAPUT`,
  other: `BUK* BRYST* BEKKEN* BACKEN* RYGG* RYG HALS* LEVER* HJERTE* HJARTA* KAULA* VATSA* RINTA* SELKA*`,
  face: `BIHULE* BIHALA* SIDEHULE* ANSIGT* ANSIKT* TINNINGBEN* TINDINGEBEN* KASVO*`,
  contrast: `KONTRAST* KM VARJOAINE* TEHOSTE* M/K`,
  angiography: `ARTERIELL* VENOS*`,
  native: `NATIV* NATIIVI* U/K U_KONTRAST* U_KM`,
  without: `UDEN UTEN UTAN ILMAN INGEN INGET EI`,
  before: `FØR FORE INNAN ENNEN`,
  with: `MED`,
  bone: `KNOGLE* SKELETT* SKJELETT* LUU* BENALGORIT*`,
};
