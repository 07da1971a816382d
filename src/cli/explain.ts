import { loadConfig } from "../config.ts";
import { REASON_TEXT } from "../contract/reasons.ts";
import { explainStudy } from "../scoring/analyse-study.ts";
import type { GlobalOptions } from "./options.ts";
import { colour, printJson, printLine, printSeries, printWarnings } from "./print.ts";
import { findStudies } from "./study-source.ts";

/** `vigil explain`: which series would be read, and what was held for and against each. */
export async function explain(study: string, options: GlobalOptions): Promise<void> {
  const config = loadConfig(options);
  const studies = [];
  for (const source of await findStudies(study, config)) {
    studies.push({ studyInstanceUid: source.studyInstanceUid, ...(await explainStudy(source, config.selection)) });
  }
  if (options.json) return printJson({ studies });
  for (const { studyInstanceUid, reason, series, warnings } of studies) {
    printLine(`${colour("bold", "Study")}  ${studyInstanceUid}`);
    if (reason !== null) printLine(`  nothing to read: ${REASON_TEXT[reason]}`);
    printSeries(series);
    printWarnings(warnings);
  }
}
