import type { Vocabulary } from "./vocabulary.ts";

export const dutch: Vocabulary = {
  head: `HOOFD* SCHEDEL* HERSEN* ACHTERSTE_GROEVE`,
  other: `BUIK* BEKKEN* WERVEL* HALS NEK LONGEN LEVER HART NIER* KNIE* HEUP* ENKEL* SCHOUDER* CAROTI*`,
  face: `AANGEZICHT* GELAAT* NEUSBIJHOLT* BIJHOLTE* ROTSBEEN* ROTSBEEND* OOR OREN MASTOID* KAAK* TANDEN GEBIT*
    ORBITA*`,
  contrast: `CONTRAST* CONTRASTMIDDEL*`,
  angiography: `ARTERIEEL* VENEU* PERFUSIE*`,
  native: `BLANCO`,
  without: `ZONDER GEEN`,
  before: `VOOR`,
  with: `MET`,
  localizer: `OVERZICHT*`,
  bone: `BOT BOTTEN BOTFILTER*`,
  soft: `WEKE_DELEN`,
};
