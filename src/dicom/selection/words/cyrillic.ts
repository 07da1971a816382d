import type { Vocabulary } from "./vocabulary.ts";

/** Russian, Ukrainian, Bulgarian, Serbian. */
export const cyrillic: Vocabulary = {
  head: `ГОЛОВ* ЧЕРЕП* МОЗГ* МОЗОК* МОЗКУ ГМ ГЛАВА ГЛАВЕ`,
  other: `ГРУД* ЖИВОТ* БРЮШ* ТАЗ ТАЗА ШЕИ ШЕЯ ШЕЙН* ПОЗВОН* СПИННО* ЛЕГКИХ ЛЕГКИЕ КОРЕМ* СЛИВИЦ*`,
  face: `ПАЗУХ* ППН ОРБИТ* ГЛАЗНИЦ* ВИСОЧН* ПИРАМИД* ЛИЦЕВ* ЧЕЛЮСТ* ЗУБ*`,
  contrast: `КОНТРАСТ* УСИЛЕН* В/В_КОНТРАСТ* КУ`,
  angiography: `АНГИО* АРТЕРИ* ВЕНОЗН* ПЕРФУЗ* ОТСРОЧЕН*`,
  native: `НАТИВ* БЕСКОНТРАСТ*`,
  without: `БЕЗ НЕТ НЕ`,
  before: `ДО ПЕРЕД`,
  with: `С`,
  localizer: `ТОПОГРАММ*`,
  bone: `КОСТ* КІСТК*`,
};
