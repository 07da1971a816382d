import type { Vocabulary } from "./vocabulary.ts";

export const hungarian: Vocabulary = {
  head: `KOPONYA* AGY AGYI FEJ FEJE`,
  other: `MELLKAS* HASI MEDENCE* NYAK* GERINC*`,
  face: `ARCKOPONYA* ORRMELLEK* HALANTEK* SZIKLACSONT*`,
  contrast: `KONTRASZT* KONTRASZTANYAG*`,
  native: `NATIV*`,
  withoutBehind: `NELKUL NINCS`,
  bone: `CSONT*`,
};

export const turkish: Vocabulary = {
  head: `KAFA* BEYIN* KRANYAL* KRANIAL*`,
  other: `TORAKS* GOGUS* BATIN* BOYUN* SERVIKAL* LOMBER*`,
  face: `PARANAZAL* ORBITA* YUZ TEMPORAL_KEMIK* MAKSILLOFASYAL*`,
  contrast: `KONTRAST* KONTRASTLI* OPAK* IVKM`,
  native: `KONTRASTSIZ* OPAKSIZ* KONTRASSIZ*`,
  withoutBehind: `YOK`,
  bone: `KEMIK*`,
};
