import { loadConfig } from "../config.ts";
import { REASON_TEXT } from "../contract/reasons.ts";
import { explainStudy } from "../scoring/analyse-study.ts";
import type { GlobalOptions } from "./options.ts";
import { colour, printJson, printLine, wrap } from "./print.ts";
import { printSeries, printWarnings } from "./print-series.ts";
import { studyHeading } from "./study-heading.ts";
import { findStudies } from "./study-source.ts";

type Explanation = Awaited<ReturnType<typeof explainStudy>>;

/** `vigil explain`: which series would be read, and what was held for and against each. */
export async function explain(study: string, options: GlobalOptions & { showNames?: boolean }): Promise<void> {
  const config = loadConfig(options);
  const studies = [];
  for (const [index, source] of (await findStudies(study, config)).entries()) {
    const { studyInstanceUid } = source;
    const explanation = await explainStudy(source, config.selection);
    studies.push({ studyInstanceUid, ...explanation });
    if (options.json) continue;
    if (index > 0) printLine();
    const attributes = (await source.listInstances())[0]?.study;
    printExplanation(
      explanation,
      studyHeading(studyInstanceUid, attributes, { showNames: options.showNames ?? false }),
    );
  }
  if (options.json) printJson({ studies });
}

function printExplanation({ reason, series, warnings }: Explanation, heading: string): void {
  const chosen = series.filter((one) => one.chosen);
  const names = chosen.map(({ description, seriesInstanceUid }) => description || seriesInstanceUid).join(", ");
  const answer =
    reason === null
      ? `reads ${names} (${chosen.length} of ${series.length} series)`
      : `nothing to read: ${REASON_TEXT[reason]}`;
  printLine(colour("bold", wrap(answer, 0, 2)));
  printLine(heading);
  printSeries(series);
  printWarnings(warnings);
}
