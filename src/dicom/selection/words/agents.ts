/** Names and generic names of iodinated contrast agents, as they stand in Contrast/Bolus Agent and in descriptions. */
export const AGENT_NAMES = `OMNIPAQ* ULTRAVIST* VISIPAQ* ISOVUE* IOPAMI* IOHEX* IOMER* IOMEP* IMERON* IOPROM* IODIXAN*
  OPTIRAY* IOVERS* XENETIX* IOBITRID* SOLUTRAST* ACCUPAQ* OXILAN* OPTIJECT* NIOPAM* IOPASEN* CLARIOGRAPH* AGENT
  ОМНИПАК* УЛЬТРАВИСТ* ВИЗИПАК* ЙОГЕКСОЛ* ЮНИГЕКСОЛ* ИОГЕКСОЛ* ЙОПРОМИД* ЙОМЕРОН* СКАНЛЮКС* ОПТИРЕЙ*
  ΟΜΝΙΠΑΚ* ΥΛΤΡΑΒΙΣΤ* ΙΟΠΑΜΙΔ* ΙΟΕΞΟΛ* 碘 欧乃派克 优维显 典比乐 威视派克 オムニパーク イオパミ 옴니파크`;
